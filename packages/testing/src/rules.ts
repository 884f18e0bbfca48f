/**
 * Refuses options that mean nothing: a kit that took them would let a test pass that proves nothing.
 *
 * The compiler sees most of it as well, but Bun, Deno and Node run what it has not checked.
 *
 * @module
 */

import { checkNames } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";

/** What an option must be, and whether it is. */
export interface Rule {
  readonly must: string;
  readonly is: (value: unknown) => boolean;
  /** Whether it must be there. */
  readonly isRequired?: true;
}

/** A rule for each option. */
export type Rules<Options> = Readonly<Record<keyof Options, Rule>>;

/** Throws `ImproperlyConfigured` for a name that has no rule, and for what is not as its rule says. `what` is what the names are. */
export function checkRules(given: object, rules: Readonly<Record<string, Rule>>, what: string): void {
  checkNames(given, Object.keys(rules), what);
  for (const [name, { must, is, isRequired }] of Object.entries(rules)) {
    const value: unknown = Reflect.get(given, name);
    if (value === undefined ? isRequired !== true : is(value)) continue;
    throw new ImproperlyConfigured(`The ${what} "${name}" must be ${must}, and is ${shown(value)}`);
  }
}

export const whole: Rule = { must: "a whole number", is: Number.isSafeInteger };

export const count: Rule = { must: "a whole number, 0 or more", is: (value) => whole.is(value) && isWithin(value, 0) };

export const atLeastOne: Rule = {
  must: "a whole number, 1 or more",
  is: (value) => whole.is(value) && isWithin(value, 1),
};

export const amount: Rule = { must: "a number, 0 or more", is: (value) => isWithin(value, 0) };

export const probability: Rule = { must: "a probability, from 0 to 1", is: (value) => isWithin(value, 0, 1) };

export const callable: Rule = { must: "a function", is: (value) => typeof value === "function" };

export const fields: Rule = { must: "an object", is: (value) => typeof value === "object" && value !== null };

export const anything: Rule = { must: "anything", is: () => true };

export function oneOf(names: readonly string[]): Rule {
  return { must: `one of ${names.join(", ")}`, is: (value) => typeof value === "string" && names.includes(value) };
}

function isWithin(value: unknown, least: number, most: number = Number.MAX_VALUE): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

function shown(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : String(value);
}
