/**
 * What the options of a call take; refused where the call is made, before anything is sent.
 *
 * @module
 */

import { assertJson, type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import * as kinds from "./kinds.ts";
import { checkKind, checkValues, type KindsOf } from "./kinds.ts";
import { checkNames } from "./known-names.ts";
import { checkPublishRetryPolicy } from "./publish-retry.ts";
import { reservedHeaders } from "./reserved-headers.ts";
import type { CallOptions } from "./task-options.ts";
import { checkLimits } from "./time-limits.ts";

/** What each option of a call takes; what is linked is looked at where it is read. */
const optionKinds: KindsOf<CallOptions> = {
  countdown: kinds.duration,
  eta: kinds.date,
  expires: kinds.expiry,
  kwargs: kinds.record,
  queue: kinds.name,
  priority: kinds.priority,
  taskId: kinds.id,
  rootId: kinds.id,
  parentId: kinds.id,
  replyTo: kinds.text,
  shadow: kinds.name,
  ignoreResult: kinds.boolean,
  addToParent: kinds.boolean,
  timeLimit: kinds.limit,
  softTimeLimit: kinds.limit,
  headers: kinds.record,
  stamps: kinds.record,
  argsrepr: kinds.text,
  kwargsrepr: kinds.text,
  retry: kinds.boolean,
  retryPolicy: kinds.policy,
  link: null,
  linkError: null,
};

const optionsKind: kinds.Kind = [
  kinds.record[0],
  "options, as { countdown: 3 }; arguments are a list, applyAsync([1, 2])",
];

/** Throws `ImproperlyConfigured` for what is no option where a call is made by name, and its arguments are among them. */
export function checkNamedCall(given: object): void {
  checkNames(given, ["args", "immutable", ...Object.keys(optionKinds)], "option of a call");
}

/**
 * The options that have a value: undefined and null say nothing, as in Celery. Throws `ImproperlyConfigured` for what is no
 * option, for a value that it does not take, and for options that contradict each other; `EncodeError` for headers that are
 * not JSON.
 */
export function checkedOptions(given: CallOptions): CallOptions {
  checkKind("What comes after a call's arguments", optionsKind, given);
  const options: CallOptions = Object.fromEntries(Object.entries(given).filter(([, value]) => value != undefined));
  if ("immutable" in given) throw new ImproperlyConfigured("A signature is made immutable, by task.si(), not set so");
  checkNames(given, Object.keys(optionKinds), "option of a call");
  checkValues(options, optionKinds);
  checkTimes(options);
  checkLimits(["softTimeLimit", options.softTimeLimit], ["timeLimit", options.timeLimit]);
  if (options.retryPolicy !== undefined) checkPublishRetryPolicy("retryPolicy", options.retryPolicy);
  if (options.headers !== undefined) checkHeaders(options.headers);
  return options;
}

/** What can be told without a clock: a call may also be due by its signature, or expire by its task. */
function checkTimes({ countdown, eta, expires }: CallOptions): void {
  if (countdown !== undefined && eta !== undefined) {
    throw new ImproperlyConfigured("countdown and eta are given: a call is due at one time, so give one of them");
  }
  if (expires === undefined) return;
  const isDate = expires instanceof Date;
  if (eta !== undefined && isDate && expires < eta) throw neverRun(expires.toISOString(), `eta ${eta.toISOString()}`);
  if (countdown !== undefined && !isDate && secondsOf(expires) < secondsOf(countdown)) {
    throw neverRun(expires, `countdown ${countdown}`);
  }
}

function neverRun(expires: Duration, due: string): ImproperlyConfigured {
  return new ImproperlyConfigured(`expires is ${expires} and ${due}: it would never run`);
}

function checkHeaders(headers: NonNullable<CallOptions["headers"]>): void {
  const reserved = Object.keys(headers).find((name) => reservedHeaders.has(name));
  if (reserved !== undefined) {
    throw new ImproperlyConfigured(`headers has "${reserved}", which every message has already: choose another name`);
  }
  assertJson(headers, "headers");
}
