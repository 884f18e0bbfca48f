/**
 * What the options of a task take, so that what makes no sense is refused where it is declared.
 *
 * @module
 */

import { ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import { checkRequeues } from "./acknowledgement.ts";
import { limitsIn } from "./rate-limit.ts";
import type { TaskBase } from "./base.ts";
import { checkHooks } from "./hooks.ts";
import { checkKind, type Kind } from "./kinds.ts";
import { checkPlace } from "./place.ts";
import type { TaskOptions } from "./task-options.ts";

/**
 * What each option that tasks may share takes; null where that is looked at by itself. The type makes sure that none is
 * forgotten.
 */
const sharedKinds: Readonly<Record<keyof TaskBase, Kind | null>> = {
  typing: "boolean",
  retry: null,
  maxRetries: "times?",
  defaultRetryDelay: "duration",
  autoretryFor: null,
  dontAutoretryFor: null,
  retryBackoff: null,
  retryBackoffMax: "duration",
  retryJitter: "boolean",
  timeLimit: "limit",
  softTimeLimit: "limit",
  ignoreResult: "boolean",
  storeErrorsEvenIfIgnored: "boolean",
  trackStarted: "boolean",
  trail: "boolean",
  expires: "duration",
  queue: null,
  priority: null,
  rateLimit: null,
  throws: null,
  resultExpires: "duration?",
  shadowName: null,
  resultreprMaxsize: "count",
  acksLate: "boolean",
  acksOnFailure: "boolean",
  acksOnTimeout: "boolean",
  rejectOnWorkerLost: "boolean",
  maxRequeues: null,
  beforeStart: null,
  onSuccess: null,
  onFailure: null,
  onRetry: null,
  afterReturn: null,
};

/** Every option that a base or an annotation may have. */
export const sharedNames: readonly string[] = Object.keys(sharedKinds);

/** Throws `ImproperlyConfigured` for an option that has a value it does not take, and for limits in the wrong order. */
export function checkTaskOptions(options: TaskOptions): void {
  const { name, timeLimit, softTimeLimit } = options;
  if (typeof name !== "string" || name === "") throw new ImproperlyConfigured("A task needs a name");
  for (const [option, kind] of Object.entries(sharedKinds)) {
    const value: unknown = Reflect.get(options, option);
    if (value !== undefined && kind !== null) checkKind(`${option} of the task "${name}"`, kind, value);
  }
  checkFunctions(options);
  checkPlace(options);
  checkRequeues(options.maxRequeues);
  limitsIn(options.rateLimit ?? null, `rateLimit of ${name}`);
  if (timeLimit === undefined || softTimeLimit === undefined) return;
  if (secondsOf(softTimeLimit) <= secondsOf(timeLimit)) return;
  throw new ImproperlyConfigured(`${name}: softTimeLimit is longer than timeLimit; the soft limit must come first`);
}

function checkFunctions({ name, shadowName, params = [], ...options }: TaskOptions): void {
  const { autoretryFor, dontAutoretryFor, throws } = options;
  checkHooks(name, options);
  if (shadowName !== undefined && typeof shadowName !== "function") {
    throw new ImproperlyConfigured(`shadowName of the task "${name}" is no function`);
  }
  for (const [option, classes = []] of Object.entries({ autoretryFor, dontAutoretryFor, throws })) {
    if (Array.isArray(classes) && classes.every((each) => typeof each === "function")) continue;
    throw new ImproperlyConfigured(`${option} of the task "${name}" is no list of classes`);
  }
  const doubled = params.find((each, place) => each === "" || params.indexOf(each) !== place);
  if (doubled === undefined) return;
  throw new ImproperlyConfigured(
    `params of the task "${name}" names ${doubled === "" ? "nothing" : `"${doubled}" twice`}`,
  );
}
