/**
 * Faults as fast-check draws and shrinks them.
 *
 * They are drawn without regard to the canvas, at a place between its beginning and its end; so a fault stays where it is
 * while the canvas around it is made smaller.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import type { Arbitrary } from "fast-check";
import type * as FastCheck from "fast-check";
import { fieldOf } from "./errand.ts";
import { type AimedFault, callFaults, deliveryFaults, type FaultName } from "./fault.ts";
import type { PortCall } from "./port-method.ts";

/** fast-check itself, given by whoever has it installed: `import * as fc from "fast-check"`. */
export type FastCheckModule = typeof FastCheck;

/** A fault that is not aimed at anything yet. */
export interface DrawnFault {
  readonly fault: FaultName;
  /** Drawn for each fault of a call, and the only thing that counts for those. */
  readonly call: PortCall;
  /** From 0 to 999: how far it is to the end of the canvas. */
  readonly place: number;
}

/** Which faults there are. */
export interface DrawnFaultsOptions {
  /** All when absent. */
  readonly only?: readonly FaultName[];
  /** Most of them at once; 6 when absent. */
  readonly most?: number;
}

/** Draws lists of faults. */
export function drawnFaults(fc: FastCheckModule, options: DrawnFaultsOptions = {}): Arbitrary<DrawnFault[]> {
  const { only = [...deliveryFaults, ...callFaults], most = 6 } = options;
  const each = only.map((fault): Arbitrary<DrawnFault> =>
    fc.record({ fault: fc.constant(fault), call: fc.constantFrom(...callsFor(fault)), place: fc.nat({ max: 999 }) }),
  );
  return each.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...each), { maxLength: most });
}

/** Aims drawn faults at a canvas. */
export function aimed(drawn: readonly DrawnFault[], canvas: Signature): readonly AimedFault[] {
  // Retries and redeliveries come on top of the calls that each task makes.
  const size = sizeOf(canvas) + 1;
  return drawn.map(({ fault, call, place }) => {
    const nth = Math.floor((place * size) / 1000);
    const ofDelivery = deliveryFaults.find((name) => name === fault);
    if (ofDelivery !== undefined) return { fault: ofDelivery, delivery: nth };
    const ofCall = callFaults.find((name) => name === fault) ?? "loseAnswer";
    return { fault: ofCall, call, nth };
  });
}

/** How many signatures there are in a signature, itself included. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.map(sizeOf).reduce((sum, each) => sum + each, 0);
  if (typeof value !== "object" || value === null) return 0;
  const own =
    typeof fieldOf(value, "task") === "string" && !String(fieldOf(value, "task")).startsWith("celery.") ? 1 : 0;
  return own + sizeOf(Object.values(value));
}

/** The calls that workers make, where this fault means something. */
function callsFor(fault: FaultName): readonly [PortCall, ...PortCall[]] {
  if (fault === "leaseDeath") return ["claim", "finish"];
  if (fault === "outage") return ["claim", "finish", "join", "settle"];
  return ["claim", "finish", "publish", "join", "settle"];
}
