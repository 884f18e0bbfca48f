/**
 * What is left out of an end that is too large for the store.
 *
 * No node's end ever is: whoever waits is told, if less than there was to say (delivery.md 14).
 *
 * @module
 */

import { type FailureData, messageOf, type TaskMessage } from "@umbel/protocol";
import type { Outcome } from "./outcome.ts";

/** What can be left out, in this order: what is missed least comes first. */
const omissions = [
  /** What the body sent: readers do not see it, all of it runs. */
  "children",
  /** Of the call: its errbacks are not told them, an extended result does not show them. */
  "arguments",
  /** Of the error: its message and its traceback are cut short, its causes left out. */
  "long texts",
  /** They are not called. */
  "errbacks",
  /** A chord that waits is not told how its member ended: its body fails at once, for the same reason. */
  "chords",
  /** Nothing follows. Only a forged message comes to this. */
  "followers",
] as const;

/** Something that can be left out. */
export type Omission = (typeof omissions)[number];

/**
 * What can be left out of an end, in this order. A value never is, nor the message of a retry: what is too large without
 * these becomes a failure.
 */
export const omissible: Readonly<Record<Outcome["state"], readonly Omission[]>> = {
  SUCCESS: ["children"],
  RETRY: ["children", "long texts"],
  REJECTED: [],
  REPLACED: [],
  FAILURE: omissions,
  REVOKED: omissions,
  IGNORED: omissions,
};

/** A message as its end is told without what is left out. */
export function messageWithout(message: TaskMessage, without: readonly Omission[]): TaskMessage {
  const { headers, properties } = message;
  const [args, kwargs, embed] = message.body;
  const told = without.includes("arguments") ? ([[], {}] as const) : ([args, kwargs] as const);
  const kept = embed && without.includes("errbacks") ? { ...embed, errbacks: null } : embed;
  return { headers, properties, body: [...told, kept] };
}

/** What is stored of an error. */
export interface ToldFailure {
  readonly failure: FailureData;
  readonly traceback: string;
}

/** A failure as it is told without what is left out. */
export function failureWithout({ failure, traceback }: ToldFailure, without: readonly Omission[] = []): ToldFailure {
  if (!without.includes("long texts")) return { failure, traceback };
  const { exc_type: type, exc_module: module } = failure;
  return {
    failure: { exc_type: cut(type), exc_message: [cut(messageOf(failure))], exc_module: module },
    traceback: cut(traceback),
  };
}

/** Most characters that are kept of a text. */
const most = 2000;

function cut(text: string): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}
