/**
 * What nodes answer to a change, in Celery's form (celery-wire.md 11.3).
 *
 * @module
 */

/** It is so from now on, or it is not, and why. */
export type Reply =
  /** `revoked`: how many calls were, where they are not named. */
  { readonly ok: string; readonly revoked?: number } | { readonly error: string };

/** A node's answer each: `[{ "worker@shop": { ok: "pong" } }]`. */
export type Replies = readonly Readonly<Record<string, Reply>>[];

/** What was asked for has been done. */
export function ok(text: string): Reply {
  return { ok: text };
}

/** It has not, for this reason. */
export function refusal(text: string): Reply {
  return { error: text };
}

/** The answers as a list, a record of one each. */
export function repliesOf(answers: Iterable<readonly [node: string, reply: Reply]>): Replies {
  return Array.from(answers, (answer) => Object.fromEntries([answer]));
}
