/**
 * What a signature can be made with, beside its arguments.
 *
 * @module
 */

import { clone, immutable as fixed } from "@umbel/canvas";
import type { Signature as WireSignature } from "@umbel/protocol";
import * as kinds from "./kinds.ts";
import { checkKind } from "./kinds.ts";
import type { CallOptions } from "./task-options.ts";
import { wireOptions } from "./wire-options.ts";

/** Options of the call, and whether it takes anything from whoever applies it, or from the step before it. */
export interface NewSignatureOptions extends CallOptions {
  /** True: it takes nothing more. */
  readonly immutable?: boolean;
}

/**
 * The same signature with these. Throws what `wireOptions` throws, and `ImproperlyConfigured` for arguments that are no list and
 * an `immutable` that is none.
 */
export function madeWith(
  wire: WireSignature,
  { kwargs = {}, immutable: given, ...options }: NewSignatureOptions,
): WireSignature {
  const immutable = given ?? false;
  checkKind("args", kinds.list, wire.args);
  checkKind("immutable", kinds.boolean, immutable);
  const made = clone(wire, { kwargs, options: wireOptions(options) });
  return immutable ? fixed(made) : made;
}

/** The same signature with further options. Throws what `wireOptions` throws, and `ImproperlyConfigured` for what has none. */
export function setTo(wire: WireSignature, given: CallOptions): WireSignature {
  checkKind("What set() takes", [kinds.record[0], "options, as { countdown: 3 }"], given);
  const { kwargs = {}, ...options } = given;
  return clone(wire, { kwargs, options: wireOptions(options) });
}
