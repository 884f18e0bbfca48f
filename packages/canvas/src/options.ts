/**
 * Which of a canvas's options go where (celery-wire.md 8.3).
 *
 * A chain, a group and a chord are no calls: what is set on them belongs to the calls they consist of. Some options are
 * about the start (when, where), some about the end (whose result it is, what follows).
 *
 * @module
 */

import type { SignatureOptions } from "@umbel/protocol";

/** Options that name the result, and who waits for it: they go to the part that ends the canvas. */
const ending = [
  "task_id",
  "group_id",
  "group_index",
  "chord",
  "replaced_task_nesting",
  "attempts_before",
  "added_at",
  "additions",
] as const;

/** Options about what follows; each is handed on by a rule of its own. */
const following = ["chain", "link", "link_error"] as const;

/** Options that only a chord's join reads, on the signature of its body. */
const joining = ["chord_size", "on_error"] as const;

/** Options of a single moment: a chord's body does not wait once more, and has parents of its own. */
const momentary = ["countdown", "eta", "parent_id", "root_id"] as const;

/** Options that are not null. */
export function present(options: SignatureOptions): SignatureOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== undefined));
}

/** Options for the part that starts a canvas: when, where, how. */
export function startOptions(options: SignatureOptions): SignatureOptions {
  return omit(options, [...ending, ...following, ...joining]);
}

/** Options for the part that ends a canvas. */
export function endOptions(options: SignatureOptions): SignatureOptions {
  return pick(options, ending);
}

/** Options of a chord that hold for its body as well as for its header: queue, priority and the like. */
export function lastingOptions(options: SignatureOptions): SignatureOptions {
  return omit(startOptions(options), momentary);
}

/** Options that say which call something follows from. */
export function lineageOptions(options: SignatureOptions): SignatureOptions {
  return pick(options, ["parent_id", "root_id"]);
}

/** Options of a call's own, without those that its message carries elsewhere. */
export function callOptions(options: SignatureOptions): SignatureOptions {
  return present(omit(options, ["chord", ...following, ...joining]));
}

/** Options without those that only a join reads. */
export function withoutJoin(options: SignatureOptions): SignatureOptions {
  return omit(options, joining);
}

function pick(options: SignatureOptions, keys: readonly string[]): SignatureOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => keys.includes(key)));
}

function omit(options: SignatureOptions, keys: readonly string[]): SignatureOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !keys.includes(key)));
}
