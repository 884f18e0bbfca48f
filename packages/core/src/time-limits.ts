/**
 * How long an attempt may take: what the call says, else its task, else the application (delivery.md 22).
 *
 * The worker asks again: who sent the message may know the task by its name only, and then said nothing.
 *
 * @module
 */

import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { isOwnTask } from "./own-task.ts";

/** Limits of one attempt in seconds; null where there is none. */
export interface TimeLimits {
  readonly hard: number | null;
  readonly soft: number | null;
}

/** The limits of a task's attempt; `given` are those of the call, where 0 says nothing, as in Celery. Tasks of ours have none. */
export function timeLimitsOf(
  app: CallingApplication,
  task: string,
  given: { readonly [K in keyof TimeLimits]?: number | null | undefined },
): TimeLimits {
  if (isOwnTask(task)) return { hard: null, soft: null };
  const own = app.tasks.get(task)?.options;
  return {
    hard: orNull(given.hard || (own?.timeLimit ?? app.conf.taskTimeLimit)),
    soft: orNull(given.soft || (own?.softTimeLimit ?? app.conf.taskSoftTimeLimit)),
  };
}

function orNull(limit: Duration | null): number | null {
  return limit === null ? null : secondsOf(limit);
}

/** A limit and what it is called where it is given. */
export type NamedLimit = readonly [name: string, limit: Duration | null | undefined];

/** Throws `ImproperlyConfigured` when the soft limit is longer than the hard one: it would never be reached. */
export function checkLimits([softName, soft]: NamedLimit, [hardName, hard]: NamedLimit): void {
  if (soft === null || soft === undefined || hard === null || hard === undefined) return;
  const [first, last] = [secondsOf(soft), secondsOf(hard)];
  if (first <= last) return;
  throw new ImproperlyConfigured(
    `${softName} is longer than ${hardName}: the soft limit must come first (${first} s is after ${last} s)`,
  );
}
