/**
 * Random canvases for real processes: as they are generated, but for what only a clock that the test moves makes certain,
 * and with labels that no other canvas of the run has.
 *
 * @module
 */

import * as fc from "fast-check";
import { canvases } from "../property/generate.ts";
import { type Canvas, depthOf, type Ending, type Plan } from "../property/plan.ts";
import type { Delays } from "../property/steps.ts";

/** A canvas, and the name that tells its labels and ids from those of the others. */
export interface RealCanvas {
  readonly run: string;
  readonly canvas: Canvas;
}

/** Seconds. The broker's clock has whole seconds only. */
export const realDelays: Delays = { retry: 0.1, later: 1, expiry: 2, tooLate: 3, slow: 0.5 };

/** Levels from which on a canvas counts as deep. */
export const deep = 4;

/** So many of them, a third of them deep; the same for the same seed. */
export function realCanvases(count: number, seed: number): readonly RealCanvas[] {
  const drawn = fc.sample(canvases(), { numRuns: 4 * count, seed });
  const chosen = new Set(drawn.filter(({ plan }) => depthOf(plan) >= deep).slice(0, Math.ceil(count / 3)));
  for (const each of drawn) if (chosen.size < count) chosen.add(each);
  return [...chosen].map(({ plan, input }, index) => {
    const run = `c${index}`;
    return { run, canvas: { plan: made(plan, run), input } };
  });
}

function made(plan: Plan, run: string): Plan {
  const inner = (each: Plan) => made(each, run);
  const linkError = plan.linkError.map(inner);
  switch (plan.kind) {
    case "step": {
      const label = `${run}-${plan.label}`;
      return { ...plan, label, ending: certain(plan.ending), link: plan.link.map(inner), linkError };
    }
    case "chain":
      return { ...plan, steps: plan.steps.map(inner), linkError };
    case "group":
      return { ...plan, members: plan.members.map(inner), linkError };
    case "chord": {
      const header = "kind" in plan.header ? inner(plan.header) : plan.header.map(inner);
      return { ...plan, header, body: inner(plan.body), linkError };
    }
  }
}

/** Nobody can revoke a call before anything is delivered when it has been sent to a broker that runs. */
function certain(ending: Ending): Ending {
  return ending.how === "revoked" ? { how: "revoked", when: "before" } : ending;
}
