/**
 * Stamps among the options of a signature: Celery has each under its own name, and the names in `stamped_headers`.
 *
 * @module
 */

import { assertJson, ImproperlyConfigured, type SignatureOptions } from "@umbel/protocol";

/** Labels of a call by name, any JSON. */
export type Stamps = Readonly<Record<string, unknown>>;

/** The stamps that a signature has. */
export function stampsIn(options: SignatureOptions): Stamps {
  return Object.fromEntries((options.stamped_headers ?? []).map((name) => [name, options[name] ?? null]));
}

/** The stamps of a signature as options, for another one. */
export function stampOptions(options: SignatureOptions): SignatureOptions {
  const names = options.stamped_headers ?? [];
  return names.length === 0 ? {} : { ...stampsIn(options), stamped_headers: names };
}

/**
 * Stamps as options of a signature. Throws `ImproperlyConfigured` for a name that an option has, and `EncodeError` for what
 * is not JSON.
 */
export function optionsOfStamps(stamps: Stamps): SignatureOptions {
  assertJson(stamps, "stamps");
  const names = Object.keys(stamps);
  const taken = names.find((name) => optionNames.has(name));
  if (taken === undefined) return { ...stamps, stamped_headers: names };
  throw new ImproperlyConfigured(`A stamp is named "${taken}", as an option of a call is: choose another name`);
}

/** Stamps of a message as options, without those that are named as an option is: only a foreign sender has such. */
export function optionsOfForeignStamps(stamps: Stamps): SignatureOptions {
  const own = Object.entries(stamps).filter(([name]) => !optionNames.has(name));
  return own.length === 0 ? {} : { ...Object.fromEntries(own), stamped_headers: own.map(([name]) => name) };
}

/** Names of the options that a signature may have: all of `SignatureOptions`. */
const optionNames: ReadonlySet<string> = new Set([
  "task_id",
  "root_id",
  "parent_id",
  "group_id",
  "group_index",
  "chord",
  "chain",
  "link",
  "link_error",
  "countdown",
  "eta",
  "expires",
  "queue",
  "priority",
  "parent_priority",
  "retries",
  "shadow",
  "ignore_result",
  "time_limit",
  "soft_time_limit",
  "headers",
  "reply_to",
  "argsrepr",
  "kwargsrepr",
  "retry",
  "retry_policy",
  "add_to_parent",
  "target",
  "replaced_task_nesting",
  "attempts_before",
  "chord_size",
  "on_error",
  "stamped_headers",
  "added_at",
  "additions",
  "outline",
]);
