/**
 * What bodies tell of themselves while they run. It outlives the processes that are killed.
 *
 * @module
 */

import type { ResultTuple } from "@umbel/protocol";

/** A body has begun. */
export interface Beginning {
  /** Of the canvas. */
  readonly run: string;
  readonly label: string;
  /** Of the call. */
  readonly id: string;
  readonly retries: number;
  /** The number of this attempt among all under the call's id, also of what it takes the place of. */
  readonly attempt: number;
  /** What it was given, as `shown` has it. */
  readonly given: string;
  /** As text. */
  readonly stamps: string;
}

/** A step has added a member to its chord. */
export interface Addition {
  readonly run: string;
  /** Of the step. */
  readonly label: string;
  /** Place among all that the step adds. */
  readonly index: number;
  /** Of its handle. */
  readonly tuple: ResultTuple;
}

/** A hook of a step was called. */
export interface HookCall {
  readonly run: string;
  readonly label: string;
  readonly id: string;
  readonly hook: "onSuccess" | "onFailure" | "onRetry" | "afterReturn";
}

/** Is told of all that, one thing after the other. */
export interface Witness {
  /** Answers how often the same step had begun before under this id. */
  readonly begun: (beginning: Beginning) => number | Promise<number>;
  readonly added: (addition: Addition) => unknown;
  readonly hooked: (call: HookCall) => unknown;
}

/** All that was told. */
export interface Testimony {
  readonly beginnings: readonly Beginning[];
  readonly additions: readonly Addition[];
  readonly hooks: readonly HookCall[];
}

/** A testimony that is being given, in this program. */
export interface OpenTestimony extends Testimony {
  readonly witness: Witness;
}

/** Opens one. */
export function openTestimony(): OpenTestimony {
  const beginnings: Beginning[] = [];
  const additions: Addition[] = [];
  const hooks: HookCall[] = [];
  return {
    beginnings,
    additions,
    hooks,
    witness: {
      begun(beginning) {
        const before = beginnings.filter(({ id, label }) => id === beginning.id && label === beginning.label).length;
        beginnings.push(beginning);
        return before;
      },
      added: (addition) => additions.push(addition),
      hooked: (call) => hooks.push(call),
    },
  };
}

/** The part of a testimony that is about one canvas. */
export function testimonyOf(run: string, { beginnings, additions, hooks }: Testimony): Testimony {
  return {
    beginnings: beginnings.filter((each) => each.run === run),
    additions: additions.filter((each) => each.run === run),
    hooks: hooks.filter((each) => each.run === run),
  };
}
