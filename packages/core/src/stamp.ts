/**
 * Stamps a canvas: labels on every call of it, which its messages carry and its tasks can read.
 *
 * A function, not a method: a program that stamps nothing does without it.
 *
 * @module
 */

import { stamp as stampWire, type StampOptions, type Stamps, type StampVisitor } from "@umbel/canvas";
import { checkKind, type Kind, record } from "./kinds.ts";
import { type AnySignature, bindSignature } from "./signature.ts";

export type { StampOptions, Stamps, StampVisitor } from "@umbel/canvas";

/**
 * The same signature with these stamps, or with those that a visitor says at each of its parts:
 * `stamp(chain(a.s(), b.s()), { tenant: "acme" })`. A task has them in `task.request.stamps`.
 * Throws `ImproperlyConfigured` for a stamp that is named as an option of a call, and `EncodeError` for what is not JSON.
 */
export function stamp<S extends AnySignature>(of: S, given: Stamps | StampVisitor, options?: StampOptions): S;
export function stamp(of: AnySignature, given: Stamps | StampVisitor, options: StampOptions = {}): AnySignature {
  checkKind("What stamp() stamps", signatureKind, of);
  checkKind("What stamp() puts on", stampsKind, given);
  return bindSignature(of.sender, stampWire(of.wire, given, options));
}

const signatureKind: Kind = [(of) => typeof of === "function" && "wire" in of, "a signature, task.s() or a canvas"];

const stampsKind: Kind = [record[0], 'stamps, as { tenant: "acme" }, or a visitor'];
