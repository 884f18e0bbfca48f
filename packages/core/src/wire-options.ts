/**
 * A call's options in Celery's form.
 *
 * @module
 */

import { optionsOfStamps } from "@umbel/canvas";
import { secondsOf, type SignatureOptions, writeDate } from "@umbel/protocol";
import { checkedOptions } from "./call-options.ts";
import { type Linkable, type Linked, linkedOf } from "./linked.ts";
import { wirePolicy } from "./publish-retry.ts";
import type { CallOptions } from "./task-options.ts";

/**
 * Translates options; what is not given is not in the answer. Throws `ImproperlyConfigured` for what is no option, for a
 * value that an option does not take, and for options that contradict each other; `EncodeError` for headers that are not JSON.
 */
export function wireOptions(given: CallOptions): SignatureOptions {
  const options = checkedOptions(given);
  const all = {
    ...lineageOf(options),
    ...timesOf(options),
    ...optional(options.stamps, optionsOfStamps),
    queue: options.queue,
    priority: options.priority,
    shadow: options.shadow,
    argsrepr: options.argsrepr,
    kwargsrepr: options.kwargsrepr,
    ignore_result: options.ignoreResult,
    headers: options.headers,
    reply_to: options.replyTo,
    retry: options.retry,
    retry_policy: optional(options.retryPolicy, wirePolicy),
    link: optional(options.link, wiresOf),
    link_error: optional(options.linkError, wiresOf),
  };
  return definedOf(all);
}

function lineageOf({ taskId, rootId, parentId, addToParent }: CallOptions) {
  return { task_id: taskId, root_id: rootId, parent_id: parentId, add_to_parent: addToParent };
}

function timesOf(options: CallOptions) {
  return {
    countdown: optional(options.countdown, secondsOf),
    eta: optional(options.eta, (date) => writeDate(date.getTime())),
    expires: optional(options.expires, expiryOf),
    time_limit: optional(options.timeLimit, secondsOf),
    soft_time_limit: optional(options.softTimeLimit, secondsOf),
  };
}

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

function wiresOf(linked: Linkable | readonly Linkable[]) {
  return linkedOf(linked).map((each) => each.wire);
}

/** What is linked by options. */
export function linkedIn({ link, linkError }: CallOptions): readonly Linked[] {
  return [...linkedOf(link), ...linkedOf(linkError)];
}
