/**
 * Names the canvas that goes on after a message.
 *
 * Two messages may have one id: the same one, delivered or sent again, or another canvas in which a call was given that id. The
 * first is to be followed by nothing new; what follows the second waits to be told how the task has ended. The canvas, by its
 * root, tells the two apart: however often a message is sent, retried, replaced, or kept elsewhere in part, its root stays.
 *
 * @module
 */

import { resultIdOf } from "@umbel/canvas";
import { type TaskMessage, UmbelError } from "@umbel/protocol";
import { childId } from "./identity.ts";
import { followersIn } from "./references.ts";

/**
 * A word for the root of the message's canvas, and one for what the canvas waits for behind it: all that one run calls has one root.
 * Undefined for a message that nothing follows, or nothing that can be read: a forged one. A letter that is sent again on
 * purpose may go on under new ids, and is its whole canvas's.
 */
export function canvasWord(message: TaskMessage): string | undefined {
  const { headers, body } = message;
  try {
    if (followersIn(body[2]).length === 0) return undefined;
    const root = rootWord(headers.root_id ?? headers.id);
    return typeof headers["replay_of"] === "string" ? root : `${root}.${rootWord(awaitedAfter(message))}`;
  } catch (error) {
    if (error instanceof UmbelError) return undefined;
    throw error;
  }
}

/** The first half of the word of each message with this root. */
export function rootWord(root: string): string {
  // A forged id may have half a pair of surrogates, which no id can be derived from.
  return childId("canvas", root.replaceAll(/\p{Surrogate}/gu, "\ufffd")).slice(-12);
}

/** The end of the chain, which has its id from the start; or the chord's group; or nothing but the task. */
function awaitedAfter({ headers: { id, group }, body: [, , embed] }: TaskMessage): string {
  const { chain, chord } = embed ?? {};
  const [last] = chain ?? [];
  if (last !== undefined) return resultIdOf(last);
  return chord ? (group ?? id) : id;
}
