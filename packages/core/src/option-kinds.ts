/**
 * What the options of a task take, so that what makes no sense is refused where it is declared.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { TaskBase } from "./base.ts";
import * as kinds from "./kinds.ts";
import { checkValues, type Kind, type KindsOf } from "./kinds.ts";
import { limitsIn } from "./rate-limit.ts";
import type { TaskOptions } from "./task-options.ts";
import { checkLimits } from "./time-limits.ts";

/** Whether waits double, and from how many seconds on. */
const backoff: Kind = [
  (value) => typeof value === "boolean" || (Number.isFinite(value) && Number(value) >= 0),
  "true or false, or the first wait in seconds",
];

/**
 * What each option that tasks may share takes; null where that is looked at by itself. The type makes sure that none is
 * forgotten.
 */
const sharedKinds: KindsOf<TaskBase> = {
  typing: kinds.boolean,
  retry: null,
  maxRetries: kinds.times,
  defaultRetryDelay: kinds.duration,
  autoretryFor: kinds.classes,
  dontAutoretryFor: kinds.classes,
  retryBackoff: backoff,
  retryBackoffMax: kinds.duration,
  retryJitter: kinds.boolean,
  timeLimit: kinds.limit,
  softTimeLimit: kinds.limit,
  ignoreResult: kinds.boolean,
  storeErrorsEvenIfIgnored: kinds.boolean,
  trackStarted: kinds.boolean,
  trail: kinds.boolean,
  expires: kinds.duration,
  queue: kinds.name,
  priority: kinds.priority,
  rateLimit: null,
  throws: kinds.classes,
  resultExpires: kinds.lifetime,
  shadowName: kinds.callable,
  resultreprMaxsize: kinds.count,
  sendEvents: kinds.boolean,
  acksLate: kinds.boolean,
  acksOnFailure: kinds.boolean,
  acksOnTimeout: kinds.boolean,
  rejectOnWorkerLost: kinds.boolean,
  maxRequeues: kinds.times,
  beforeStart: kinds.callable,
  onSuccess: kinds.callable,
  onFailure: kinds.callable,
  onRetry: kinds.callable,
  afterReturn: kinds.callable,
};

/** Every option that a base or an annotation may have. */
export const sharedNames: readonly string[] = Object.keys(sharedKinds);

/** Throws `ImproperlyConfigured` for an option that has a value it does not take, and for limits in the wrong order. */
export function checkTaskOptions({ name, params = [], ...options }: TaskOptions): void {
  if (typeof name !== "string" || name === "") throw new ImproperlyConfigured("A task needs a name");
  const of = ` of the task "${name}"`;
  checkValues(options, sharedKinds, of);
  limitsIn(options.rateLimit ?? null, `rateLimit${of}`);
  checkLimits([`softTimeLimit${of}`, options.softTimeLimit], ["timeLimit", options.timeLimit]);
  checkParams(params, of);
}

function checkParams(params: readonly string[], of: string): void {
  const doubled = params.find((each, place) => each === "" || params.indexOf(each) !== place);
  if (doubled !== undefined)
    throw new ImproperlyConfigured(`params${of} names ${doubled === "" ? "nothing" : `"${doubled}" twice`}`);
  const first = params.findIndex(isOmissible);
  const late = params.find((each, place) => first !== -1 && place > first && !isOmissible(each));
  if (late === undefined) return;
  throw new ImproperlyConfigured(`params${of} has "${late}" after "${params[first]}": what may be left out comes last`);
}

function isOmissible(name: string): boolean {
  return name.endsWith("?");
}
