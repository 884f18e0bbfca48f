/**
 * A call's options in Celery's form.
 *
 * @module
 */

import { optionsOfStamps } from "@umbel/canvas";
import { secondsOf, type SignatureOptions, writeDate } from "@umbel/protocol";
import { checkedOptions } from "./call-options.ts";
import { snake } from "./celery-name.ts";
import { givenIn } from "./given.ts";
import { type Linkable, type Linked, linkedOf } from "./linked.ts";
import { wirePolicy } from "./publish-retry.ts";
import type { CallOptions } from "./task-options.ts";

/**
 * Translates options; what is not given is not in the answer. Throws `ImproperlyConfigured` for what is no option, for a
 * value that an option does not take, and for options that contradict each other; `EncodeError` for headers that are not JSON.
 */
export function wireOptions(given: CallOptions): SignatureOptions {
  const { kwargs: _kwargs, stamps, ...options } = checkedOptions(given);
  const named = Object.fromEntries(Object.entries(options).map(([name, value]) => [snake(name), value]));
  const translated = givenIn({
    countdown: optional(options.countdown, secondsOf),
    eta: optional(options.eta, (date) => writeDate(date.getTime())),
    expires: optional(options.expires, expiryOf),
    time_limit: optional(options.timeLimit, secondsOf),
    soft_time_limit: optional(options.softTimeLimit, secondsOf),
    retry_policy: optional(options.retryPolicy, wirePolicy),
    link: optional(options.link, wiresOf),
    link_error: optional(options.linkError, wiresOf),
  });
  return { ...named, ...translated, ...optional(stamps, optionsOfStamps) };
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
