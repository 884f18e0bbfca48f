/**
 * Holds a property against random canvases under random faults, and tells of the smallest that break it.
 *
 * @module
 */

import type { Umbel } from "@umbel/core";
import type { Signature } from "@umbel/protocol";
import type { Arbitrary } from "fast-check";
import { checkCheckOptions, type CheckOptions } from "./check-options.ts";
import { drawSeed } from "./dice.ts";
import { aimed, type DrawnFault, drawnFaults } from "./drawn-faults.ts";
import type { FiredFault } from "./fault.ts";
import { type TestKit, testKit } from "./kit.ts";
import { printCanvas } from "./print-canvas.ts";
import { printFailure } from "./print-failure.ts";

/** A canvas that has come to its end. */
export interface Trial<Drawn, Handle> {
  readonly kit: TestKit;
  readonly drawn: Drawn;
  readonly result: Handle;
}

/** All that decides what happens in one trial. */
interface TrialCase<Drawn> {
  readonly drawn: Drawn;
  readonly seed: number;
  readonly concurrency: number;
  readonly faults: readonly DrawnFault[];
}

/**
 * Sends random canvases, each in a kit of its own with faults of its own, waits until nothing waits, and then holds the
 * property against it. When it throws, the canvas and the faults are made smaller for as long as it still does, and an
 * error is thrown that shows both, and how to have them again. Throws `ImproperlyConfigured` for options that mean nothing.
 */
export async function check<Drawn, Handle>(
  app: Umbel,
  options: CheckOptions<Drawn, Handle>,
  property: (trial: Trial<Drawn, Handle>) => Promise<void> | void,
): Promise<void> {
  checkCheckOptions(options);
  const { fc, runs = 100, seed = drawSeed() | 0, kit = {} } = options;
  const attempt = async (each: TrialCase<Drawn>): Promise<Ended> => await tryOnce(app, { options, property, each });
  const predicate = fc.asyncProperty(casesOf(options), async (each) => {
    const { wrong } = await attempt(each);
    if (wrong.length > 0) throw wrong[0];
  });
  const details = await fc.check(predicate, { numRuns: runs, seed });
  if (!details.failed) return;
  const [each] = details.counterexample ?? [];
  if (each === undefined) throw new Error(`Nothing could be drawn: ${String(details.errorInstance)}`);
  const { fired, wrong, wire } = await attempt(each);
  const { numRuns, numShrinks, errorInstance: cause = wrong[0] } = details;
  const canvas = wire === undefined ? `canvas(${fc.stringify(each.drawn)})` : printCanvas(wire);
  throw new Error(printFailure({ ...each, canvas, kit, fired, cause, from: seed, runs, numRuns, numShrinks }), {
    cause,
  });
}

function casesOf<Drawn, Handle>(options: CheckOptions<Drawn, Handle>): Arbitrary<TrialCase<Drawn>> {
  const { fc, draw, faults, concurrency = 4 } = options;
  return fc.record({
    drawn: draw,
    seed: fc.noShrink(fc.nat()),
    concurrency: fc.integer({ min: 1, max: concurrency }),
    faults: drawnFaults(fc, faults),
  });
}

interface Attempt<Drawn, Handle> {
  readonly options: CheckOptions<Drawn, Handle>;
  readonly property: (trial: Trial<Drawn, Handle>) => Promise<void> | void;
  readonly each: TrialCase<Drawn>;
}

/** How a trial ended. */
interface Ended {
  /** What was thrown, if anything was. */
  readonly wrong: readonly unknown[];
  readonly fired: readonly FiredFault[];
  /** What was sent, unless there was none: then it is `canvas` that threw. */
  readonly wire: Signature | undefined;
}

async function tryOnce<Drawn, Handle>(
  app: Umbel,
  { options, property, each: { drawn, faults, ...chosen } }: Attempt<Drawn, Handle>,
): Promise<Ended> {
  await using kit = testKit(app, { ...options.kit, ...chosen });
  let wire: Signature | undefined;
  try {
    const canvas = options.canvas(drawn);
    wire = canvas.wire;
    kit.useFaults(aimed(faults, wire));
    const result = await canvas.delay();
    await kit.settle();
    await property({ kit, drawn, result });
    return { wrong: [], fired: kit.fired, wire };
  } catch (error) {
    return { wrong: [error], fired: kit.fired, wire };
  }
}
