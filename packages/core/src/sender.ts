/**
 * Who sends a canvas: the application that its parts belong to.
 *
 * An empty group belongs to none; it can still be piped into something that does.
 *
 * @module
 */

import { GroupResult } from "./group-result.ts";
import type { SignatureSender } from "./signature.ts";

/** The sender of a canvas of these parts: all belong to one application, or to none. */
export function senderOf(parts: readonly { readonly sender: SignatureSender }[]): SignatureSender {
  return parts.find(({ sender }) => sender !== nobody)?.sender ?? nobody;
}

/** Sends what has no members: there is nothing to send, and the result is an empty list. */
const nobody: SignatureSender = {
  apply: async () => await Promise.resolve(new GroupResult(undefined, "", { results: [] })),
};
