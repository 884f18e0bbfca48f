/**
 * A call's options in Celery's form.
 *
 * @module
 */

import { secondsOf, type SignatureOptions, writeDate } from "@umbel/protocol";
import { checkNames } from "./known-names.ts";
import { checkPlace } from "./place.ts";
import type { CallOptions, Linked } from "./task-options.ts";

/**
 * Translates options; what is not given is not in the answer. Throws `ImproperlyConfigured` for what is no option, no
 * duration, no priority, and for a queue without a name.
 */
export function wireOptions(options: CallOptions): SignatureOptions {
  checkNames(options, optionNames, "option of a call");
  checkPlace(options);
  const all = {
    task_id: options.taskId,
    countdown: optional(options.countdown, secondsOf),
    eta: optional(options.eta, (date) => writeDate(date.getTime())),
    expires: optional(options.expires, expiryOf),
    queue: options.queue,
    priority: options.priority,
    shadow: options.shadow,
    ignore_result: options.ignoreResult,
    time_limit: optional(options.timeLimit, secondsOf),
    soft_time_limit: optional(options.softTimeLimit, secondsOf),
    headers: options.headers,
    link: optional(options.link, wiresOf),
    link_error: optional(options.linkError, wiresOf),
  };
  return definedOf(all);
}

/** Every option of a call; the type makes sure that none is forgotten. */
const optionNames = Object.keys({
  countdown: true,
  eta: true,
  expires: true,
  kwargs: true,
  queue: true,
  priority: true,
  taskId: true,
  shadow: true,
  ignoreResult: true,
  timeLimit: true,
  softTimeLimit: true,
  headers: true,
  link: true,
  linkError: true,
} satisfies Record<keyof CallOptions, true>);

/** The fields that have a value. */
function definedOf<Fields extends object>(fields: Fields): { [K in keyof Fields]?: Exclude<Fields[K], undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Sound: only fields of the same object are kept, and none that is undefined.
  return Object.fromEntries(kept) as { [K in keyof Fields]?: Exclude<Fields[K], undefined> };
}

function optional<From, To>(value: From | undefined, translate: (value: From) => To): To | undefined {
  return value === undefined ? undefined : translate(value);
}

function expiryOf(expires: NonNullable<CallOptions["expires"]>): number | string {
  return expires instanceof Date ? writeDate(expires.getTime()) : secondsOf(expires);
}

function wiresOf(linked: Linked | readonly Linked[]) {
  return [linked].flat().map((each) => each.wire);
}

/** What is linked by options. */
export function linkedIn({ link = [], linkError = [] }: CallOptions): readonly Linked[] {
  return [link, linkError].flat(2);
}
