/**
 * What a check can be asked for.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import type { Arbitrary } from "fast-check";
import { faultNames } from "./check-faults.ts";
import type { DrawnFaultsOptions, FastCheckModule } from "./drawn-faults.ts";
import { type FurtherKitOptions, furtherRules } from "./kit-options.ts";
import { atLeastOne, callable, checkRules, count, fields, type Rule, type Rules, whole } from "./rules.ts";

/** A canvas that can be sent as it is. */
export interface Sendable<Handle> {
  readonly wire: Signature;
  delay(): Promise<Handle>;
}

/** Options of `check`. */
export interface CheckOptions<Drawn, Handle> {
  /** `import * as fc from "fast-check"`. */
  readonly fc: FastCheckModule;
  /** What canvases are made from: numbers, a tree of your own, a signature. */
  readonly draw: Arbitrary<Drawn>;
  /** Makes the canvas. */
  readonly canvas: (drawn: Drawn) => Sendable<Handle>;
  /** How many canvases; 100 when absent. */
  readonly runs?: number;
  /** What all is drawn from; another one each time when absent. */
  readonly seed?: number;
  /** Which faults there are, and how many. */
  readonly faults?: DrawnFaultsOptions;
  /** The most pushes that the worker takes at once; 4 when absent. */
  readonly concurrency?: number;
  /** The kit's further options. */
  readonly kit?: FurtherKitOptions;
}

/** Throws `ImproperlyConfigured` for an option that there is not, or that means nothing. */
export function checkCheckOptions<Drawn, Handle>(options: CheckOptions<Drawn, Handle>): void {
  checkRules(options, rules, "option of check");
  checkRules(options.faults ?? {}, drawnRules, "option of check's faults");
  checkRules(options.kit ?? {}, furtherRules, "further option of check's kit");
}

const rules = {
  fc: { ...fields, isRequired: true },
  draw: { ...fields, isRequired: true },
  canvas: { ...callable, isRequired: true },
  runs: atLeastOne,
  seed: whole,
  faults: fields,
  concurrency: atLeastOne,
  kit: fields,
} satisfies Rules<CheckOptions<unknown, unknown>>;

const names: Rule = {
  must: `a list of ${faultNames.join(", ")}`,
  is: (value) => Array.isArray(value) && value.every((each) => faultNames.includes(each)),
};

const drawnRules = { only: names, most: count } satisfies Rules<DrawnFaultsOptions>;
