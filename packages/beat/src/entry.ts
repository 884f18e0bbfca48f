/**
 * What beat sends, and when, as an application writes it.
 *
 * @module
 */

import { type CallingApplication, type CallOptions, checkNames, type Signature } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import { intervalOf, type Interval } from "./interval.ts";

/** One thing to send again and again. */
export interface BeatEntry {
  /** A call, or a whole canvas, with all its arguments bound. */
  readonly task: Signature<[], unknown, unknown, never>;
  readonly schedule: Interval;
  /** Options of each call; `taskId` is beat's own. */
  readonly options?: Omit<CallOptions, "taskId">;
}

/** Entries by name. A name is part of the ids of what is sent: renamed, an entry is a new one. */
export type BeatEntries = Readonly<Record<string, BeatEntry>>;

/** An entry that was read. */
export interface PlannedEntry {
  readonly name: string;
  readonly task: BeatEntry["task"];
  readonly options: NonNullable<BeatEntry["options"]>;
  /** Milliseconds. */
  readonly interval: number;
}

/** Reads all entries. Throws `ImproperlyConfigured` that names the first one with no task, or with a bad schedule. */
export function planOf(entries: BeatEntries): readonly PlannedEntry[] {
  return Object.entries(entries).map(([name, entry]) => {
    checkRecord(`The beat entry "${name}"`, entry);
    checkNames(entry, entryNames, `part of the beat entry "${name}"`);
    const { task, schedule, options = {} } = entry;
    checkTask(name, task);
    return { name, task, options, interval: intervalOf(name, schedule) };
  });
}

/** Throws `ImproperlyConfigured` for a call that lacks arguments, as far as its task is known here. */
export function checkComplete({ tasks }: Pick<CallingApplication, "tasks">, plan: readonly PlannedEntry[]): void {
  for (const { name, task, options } of plan) {
    const { wire } = task;
    try {
      tasks.get(wire.task)?.checkStep?.(wire.args, { ...wire.kwargs, ...options.kwargs });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ImproperlyConfigured(`The call of the beat entry "${name}" is not complete: ${reason}`, { cause });
    }
  }
}

const entryNames = Object.keys({ task: true, schedule: true, options: true } satisfies Record<keyof BeatEntry, true>);

/** No compiler may have seen it. */
function checkRecord(what: string, given: unknown): void {
  if (typeof given === "object" && given !== null) return;
  throw new ImproperlyConfigured(`${what} is ${String(given)}: give { task, schedule, options }`);
}

/** The same of its call. */
function checkTask(name: string, task: Partial<BeatEntry["task"]> | undefined): void {
  if (task?.wire !== undefined) return;
  const how =
    typeof task === "function" ? `${String(task)} itself: write .s()` : "no signature: give task.s(arguments)";
  throw new ImproperlyConfigured(`The task of the beat entry "${name}" is ${how}`);
}
