/**
 * What the options of a call take; refused where the call is made, before anything is sent.
 *
 * @module
 */

import { assertJson, type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import { checkKind, type Kind } from "./kinds.ts";
import { checkNames } from "./known-names.ts";
import { checkPlace } from "./place.ts";
import { checkPublishRetryPolicy } from "./publish-retry.ts";
import { reservedHeaders } from "./reserved-headers.ts";
import type { CallOptions } from "./task-options.ts";
import { checkLimits } from "./time-limits.ts";

/** What each option of a call takes, where one word says it; the type makes sure that none is forgotten. */
const optionKinds: Readonly<Record<keyof CallOptions, Kind | undefined>> = {
  countdown: "duration",
  eta: "date",
  expires: "expiry",
  kwargs: "record",
  queue: undefined,
  priority: undefined,
  taskId: "id",
  rootId: "id",
  parentId: "id",
  replyTo: "text",
  shadow: "name",
  ignoreResult: "boolean",
  addToParent: "boolean",
  timeLimit: "limit",
  softTimeLimit: "limit",
  headers: "record",
  stamps: "record",
  argsrepr: "text",
  kwargsrepr: "text",
  retry: "boolean",
  retryPolicy: "policy",
  link: undefined,
  linkError: undefined,
};

/** Every option of a call. */
const optionNames = Object.keys(optionKinds).filter(isOption);

/**
 * The options that have a value: undefined and null say nothing, as in Celery. Throws `ImproperlyConfigured` for what is no
 * option, for a value that it does not take, and for options that contradict each other; `EncodeError` for headers that are
 * not JSON.
 */
export function checkedOptions(given: CallOptions): CallOptions {
  checkNames(given, optionNames, "option of a call");
  const options: CallOptions = Object.fromEntries(Object.entries(given).filter(([, value]) => value != undefined));
  checkPlace(options);
  for (const name of optionNames) {
    const kind = optionKinds[name];
    if (kind !== undefined && options[name] !== undefined) checkKind(name, kind, options[name]);
  }
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

function isOption(name: string): name is keyof CallOptions {
  return Object.hasOwn(optionKinds, name);
}

function checkHeaders(headers: NonNullable<CallOptions["headers"]>): void {
  const reserved = Object.keys(headers).find((name) => reservedHeaders.has(name));
  if (reserved !== undefined) {
    throw new ImproperlyConfigured(`headers has "${reserved}", which every message has already: choose another name`);
  }
  assertJson(headers, "headers");
}
