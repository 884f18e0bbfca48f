/**
 * Who sends a canvas: the application that its parts belong to.
 *
 * @module
 */

import { type Composition, widest } from "./composition.ts";
import type { SignatureSender } from "./signature.ts";

/** Something that is sent by somebody. */
interface Sent {
  readonly sender: SignatureSender;
}

/** The sender of a canvas of these parts: all belong to one application, or to none. */
export function senderOf(parts: readonly [Sent, ...Sent[]]): SignatureSender {
  const [first] = parts;
  const { sender } = parts.find((each) => each.sender.isNobody !== true) ?? first;
  return widened(
    sender,
    parts.map((each) => each.sender.composition),
  );
}

/** The same sender, for what needs any of these compositions as well. */
export function widened(sender: SignatureSender, others: readonly (Composition | undefined)[]): SignatureSender {
  const composition = widest(sender.composition, others);
  if (composition === sender.composition) return sender;
  return {
    composition,
    apply: async (wire, call) => await sender.apply(wire, { composition, ...call }),
    callHere: async (wire, given = composition) => await sender.callHere(wire, given),
  };
}
