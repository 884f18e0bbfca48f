/**
 * Holds what has happened to a task until it is heard how its call was sent.
 *
 * Only that event names the queue and the instant, and a worker may be faster than the caller, who tells of the call once the
 * broker has it. What nobody has told of within two seconds counts without: sent events are off there.
 *
 * @module
 */

import type { KnownTask } from "./cluster.ts";

/** Something that happened to a task. */
interface Happened {
  readonly uuid: string;
  readonly task: Pick<KnownTask, "sent">;
}

/** What is held, in the order in which it came. */
export interface UntilSent<What extends Happened> {
  /** Passes it on, with what is held of its task: now, or once that is known to be sent. */
  take(what: What): void;
  /** Passes on what has waited for long enough. */
  endWaiting(): void;
}

/** What is held of a task, and until when: milliseconds since 1970. */
interface Held<What> {
  readonly until: number;
  readonly happened: What[];
}

/** Milliseconds that anything waits. */
const longest = 2000;

/** Most tasks of which something is held, and most of one of them: what is more waits for nothing. */
const [mostTasks, mostOfOne] = [10_000, 20];

/** Holds for `pass`; `now` is a clock in milliseconds. */
export function untilSent<What extends Happened>(pass: (what: What) => void, now: () => number): UntilSent<What> {
  const held = new Map<string, Held<What>>();

  return {
    take(what) {
      endWaiting();
      const { uuid, task } = what;
      const { happened } = held.get(uuid) ?? begun(uuid);
      happened.push(what);
      if (task.sent !== null || happened.length >= mostOfOne) release(uuid);
      else if (held.size > mostTasks) releaseOldest();
    },
    endWaiting,
  };

  function begun(uuid: string): Held<What> {
    const holding = { until: now() + longest, happened: [] };
    held.set(uuid, holding);
    return holding;
  }

  function endWaiting(): void {
    const instant = now();
    for (const [uuid, { until }] of held) {
      // A clock that was set back must not keep it.
      if (until > instant && until <= instant + longest) return;
      release(uuid);
    }
  }

  function releaseOldest(): void {
    for (const uuid of held.keys()) return release(uuid);
  }

  function release(uuid: string): void {
    const { happened = [] } = held.get(uuid) ?? {};
    held.delete(uuid);
    for (const each of happened) pass(each);
  }
}
