/**
 * What beat is given, looked at: the compiler has not seen what JavaScript says.
 *
 * @module
 */

import { checkKind, checkOptions, type Kind, type KindsOf } from "@umbel/core";
import type { BeatOptions } from "./beat.ts";

/** Throws `ImproperlyConfigured` for what is no application, no entries, or an option that there is not or that takes another value. */
export function checkGiven(app: unknown, entries: unknown, options: unknown): void {
  checkKind("The first argument of beat()", application, app);
  checkKind("The second argument of beat()", byName, entries);
  checkKind("The third argument of beat()", record, options);
  checkOptions(Object(options), optionKinds, { one: "option of beat()", of: " of beat()" });
}

const application: Kind = [
  (value) => isRecord(value) && "signals" in value && "tasks" in value,
  'the application, as new Umbel("shop")',
];

const byName: Kind = [
  (value) => isRecord(value) && !(value instanceof Map),
  "the entries by name, as { nightly: { task, schedule } }",
];

const record: Kind = [isRecord, 'options, as { tickedBy: "platform" }'];

const text: Kind = [(value) => typeof value === "string" && value !== "", "a text"];

const list: Kind = [(value) => Array.isArray(value), "a list"];

const optionKinds: KindsOf<BeatOptions> = {
  brokers: list,
  stores: list,
  store: [isRecord, "a place for entries"],
  token: text,
  publicUrl: text,
  tickedBy: [
    (value) => value === "token" || value === "broker" || value === "platform",
    '"token", "broker" or "platform"',
  ],
  horizon: null,
  isGuest: [(value) => typeof value === "boolean", "true or false"],
};

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
