/**
 * What the options of a task take, so that what makes no sense is refused where it is declared.
 *
 * @module
 */

import { ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import { checkRequeues } from "./acknowledgement.ts";
import { limitsIn } from "./rate-limit.ts";
import { checkHooks } from "./hooks.ts";
import { checkKind, type Kind } from "./kinds.ts";
import { checkPlace } from "./place.ts";
import type { TaskOptions } from "./task-options.ts";

const kinds: Readonly<Partial<Record<keyof TaskOptions, Kind>>> = {
  name: "name",
  typing: "boolean",
  maxRetries: "times?",
  defaultRetryDelay: "duration",
  retryBackoffMax: "duration",
  retryJitter: "boolean",
  timeLimit: "limit",
  softTimeLimit: "limit",
  ignoreResult: "boolean",
  storeErrorsEvenIfIgnored: "boolean",
  trackStarted: "boolean",
  trail: "boolean",
  expires: "duration",
  resultExpires: "duration?",
  resultreprMaxsize: "count",
  acksLate: "boolean",
  acksOnFailure: "boolean",
  acksOnTimeout: "boolean",
  rejectOnWorkerLost: "boolean",
};

/** Throws `ImproperlyConfigured` for an option that has a value it does not take, and for limits in the wrong order. */
export function checkTaskOptions(options: TaskOptions): void {
  const { name, timeLimit, softTimeLimit } = options;
  if (name === "") throw new ImproperlyConfigured("A task needs a name");
  for (const [option, kind] of Object.entries(kinds)) {
    const value: unknown = Reflect.get(options, option);
    if (value !== undefined) checkKind(`${option} of the task "${name}"`, kind, value);
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
  checkHooks(name, options);
  if (shadowName !== undefined && typeof shadowName !== "function") {
    throw new ImproperlyConfigured(`shadowName of the task "${name}" is no function`);
  }
  const doubled = params.find((each, place) => each === "" || params.indexOf(each) !== place);
  if (doubled === undefined) return;
  throw new ImproperlyConfigured(
    `params of the task "${name}" names ${doubled === "" ? "nothing" : `"${doubled}" twice`}`,
  );
}
