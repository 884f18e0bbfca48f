/**
 * What an application can do with a canvas: compose it, send it, follow it.
 *
 * Most programs send tasks and chains of them. What groups and chords need besides comes with `group()` and `chord()`, and
 * goes with what is made of them, so that the bundle of a program that has none is without it.
 *
 * @module
 */

import type { Algebra, Call } from "@umbel/canvas";
import type { ResultTuple, Signature as WireSignature } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import type { ResultHandle } from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";
import type { SentCalls } from "./sent-calls.ts";
import type { Skew } from "./skew.ts";

/** What can be done with a canvas. */
export interface Composition {
  readonly algebra: Algebra;
  /** Whether it takes groups and chords. */
  readonly isWhole: boolean;
  /** Sends the calls that start an applied canvas. Throws what publishing throws. */
  readonly start: (app: CallingApplication, canvas: WireSignature, calls: readonly Call[]) => Promise<void>;
  /** The same group, its members starting one after the other. Throws `ImproperlyConfigured` for what is no group. */
  readonly skew: (group: WireSignature, skew: Skew) => WireSignature;
  /** The handle of a result. */
  readonly handleOf: (source: ResultSource, tuple: ResultTuple, sent: SentCalls) => ResultHandle;
}

/** The one of them that takes the most. */
export function widest(own: Composition, others: readonly (Composition | undefined)[]): Composition {
  return others.find((each) => each?.isWhole) ?? own;
}
