/**
 * Random canvases, and what must become of them by a plain recursive reading of the rules (delivery.md 14, 15).
 *
 * A canvas is first a tree of ours, so that what is expected owes nothing to how signatures are built, frozen or sent.
 *
 * @module
 */

import { chain, chord, group, signature } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import * as fc from "fast-check";

/** How a task ends. */
export type Fate = "returns" | "throws" | "is revoked" | "is ignored";

/** A canvas. */
export type Tree =
  | { readonly kind: "task"; readonly name: string; readonly fate: Fate }
  | { readonly kind: "chain"; readonly steps: readonly Tree[] }
  | { readonly kind: "group"; readonly members: readonly Tree[] }
  | { readonly kind: "chord"; readonly header: readonly Tree[]; readonly body: Tree; readonly collects: boolean };

type Unnamed =
  | { readonly kind: "task"; readonly fate: Fate }
  | { readonly kind: "chain"; readonly steps: readonly Unnamed[] }
  | { readonly kind: "group"; readonly members: readonly Unnamed[] }
  | { readonly kind: "chord"; readonly header: readonly Unnamed[]; readonly body: Unnamed; readonly collects: boolean };

/** Random canvases: four levels deep at most, every task with a name of its own. */
export const trees: fc.Arbitrary<Tree> = fc
  .letrec<{ tree: Unnamed; task: Unnamed; chain: Unnamed; group: Unnamed; chord: Unnamed }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie("task"), tie("chain"), tie("group"), tie("chord")),
    task: fc.record({ kind: fc.constant("task"), fate: fates() }),
    chain: fc.record({ kind: fc.constant("chain"), steps: fc.array(tie("tree"), { minLength: 1, maxLength: 4 }) }),
    group: fc.record({ kind: fc.constant("group"), members: fc.array(tie("tree"), { maxLength: 3 }) }),
    chord: fc.record({
      kind: fc.constant("chord"),
      header: fc.array(tie("tree"), { maxLength: 3 }),
      body: tie("tree"),
      collects: fc.boolean(),
    }),
  }))
  .tree.map((tree) => named(tree, "t"));

/** The signature that an application would build. */
export function signatureOf(tree: Tree): Signature {
  switch (tree.kind) {
    case "task":
      return signature(tree.name);
    case "chain":
      return chain(tree.steps.map(signatureOf));
    case "group":
      return group(tree.members.map(signatureOf));
    case "chord":
      return chord(tree.header.map(signatureOf), signatureOf(tree.body), {
        onError: tree.collects ? "collect" : "fail",
      });
  }
}

/** Every task in a canvas, by name. */
export function fatesIn(tree: Tree): ReadonlyMap<string, Fate> {
  return new Map(tasksIn(tree).map(({ name, fate }) => [name, fate]));
}

/** What a task of a random canvas returns: its name and what it was given, without the words of errors. */
export function valueFor(name: string, args: readonly unknown[]): unknown {
  return [name, ...args.map(withoutErrors)];
}

/** How a canvas ends: with a value, as a group that nothing has joined, without a value, or not at all. */
export type Result =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "list"; readonly members: readonly Result[] }
  | { readonly kind: "nothing" }
  | { readonly kind: "lost"; readonly state: "FAILURE" | "REVOKED" };

/** State of every task by name, and the result of the whole. */
export interface Expected {
  readonly states: ReadonlyMap<string, string>;
  readonly result: Result;
}

/** What must become of a canvas. */
export function expectedOf(tree: Tree): Expected {
  const states = new Map<string, string>();
  return { states, result: evaluate(tree, []) };

  function evaluate(node: Tree, args: readonly unknown[]): Result {
    switch (node.kind) {
      case "task":
        return evaluateTask(node, args);
      case "chain":
        return evaluateChain(node.steps, args);
      case "group":
        return { kind: "list", members: membersIn(node.members).map((each) => evaluate(each, args)) };
      case "chord": {
        const members = membersIn(node.header).map((each) => evaluate(each, args));
        return evaluateAfter(node.collects ? collected(members) : joined(members), node.body);
      }
    }
  }

  function evaluateTask({ name, fate }: Extract<Tree, { kind: "task" }>, args: readonly unknown[]): Result {
    const [state, result] = ends[fate];
    states.set(name, state);
    return result ?? { kind: "value", value: valueFor(name, args) };
  }

  function evaluateChain([first, ...rest]: readonly Tree[], args: readonly unknown[]): Result {
    if (first === undefined) throw new Error("An empty chain has no result");
    return rest.reduce((before, step) => evaluateAfter(before, step), evaluate(first, args));
  }

  /** What follows a result: a group is joined first, and nothing follows what is lost or gave no value. */
  function evaluateAfter(before: Result, node: Tree): Result {
    const result = before.kind === "list" ? joined(before.members) : before;
    if (result.kind === "value") return evaluate(node, [result.value]);
    for (const { name } of tasksIn(node)) states.set(name, result.kind === "lost" ? result.state : "REVOKED");
    return result;
  }
}

const ends: Readonly<Record<Fate, readonly [state: string, result?: Result]>> = {
  returns: ["SUCCESS"],
  throws: ["FAILURE", { kind: "lost", state: "FAILURE" }],
  "is revoked": ["REVOKED", { kind: "lost", state: "REVOKED" }],
  "is ignored": ["IGNORED", { kind: "nothing" }],
};

/** A chord's list, or its failure; a member that gave no value is null in it. */
function joined(members: readonly Result[]): Result {
  const results = members.map(single);
  if (results.some((each) => each.kind === "lost")) return { kind: "lost", state: "FAILURE" };
  return { kind: "value", value: results.map(valueIn) };
}

/** The list of a chord that collects. */
function collected(members: readonly Result[]): Result {
  const list = members
    .map(single)
    .map((each) => (each.kind === "lost" ? { state: each.state } : { state: "SUCCESS", result: valueIn(each) }));
  return { kind: "value", value: list };
}

function single(result: Result): Result {
  return result.kind === "list" ? joined(result.members) : result;
}

function valueIn(result: Result): unknown {
  return result.kind === "value" ? result.value : null;
}

/** A group directly inside a group, or a header, counts as its members. */
function membersIn(members: readonly Tree[]): readonly Tree[] {
  return members.flatMap((each) => (each.kind === "group" ? membersIn(each.members) : [each]));
}

function tasksIn(tree: Tree): readonly Extract<Tree, { kind: "task" }>[] {
  switch (tree.kind) {
    case "task":
      return [tree];
    case "chain":
      return tree.steps.flatMap(tasksIn);
    case "group":
      return tree.members.flatMap(tasksIn);
    case "chord":
      return [...tree.header, tree.body].flatMap(tasksIn);
  }
}

function named(tree: Unnamed, name: string): Tree {
  const all = (list: readonly Unnamed[]) => list.map((each, index) => named(each, `${name}.${index}`));
  switch (tree.kind) {
    case "task":
      return { ...tree, name };
    case "chain":
      return { ...tree, steps: all(tree.steps) };
    case "group":
      return { ...tree, members: all(tree.members) };
    case "chord":
      return { ...tree, header: all(tree.header), body: named(tree.body, `${name}.b`) };
  }
}

function fates(): fc.Arbitrary<Fate> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constant("returns" as const) },
    { weight: 1, arbitrary: fc.constantFrom("throws" as const, "is revoked" as const, "is ignored" as const) },
  );
}

/** In what a chord collects only the state of a failure is compared. */
function withoutErrors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutErrors);
  return typeof value === "object" && value !== null && "error" in value && "state" in value
    ? { state: value.state }
    : value;
}
