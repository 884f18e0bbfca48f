import { type Call, expand, freeze, outlined, outlineOf } from "@umbel/canvas";
import { decodeSignature, type ResultTuple, type Signature } from "@umbel/protocol";
import * as fc from "fast-check";
import { expect, it, vi } from "vitest";
import { atRoot } from "./build.ts";
import { expectedOf, fatesIn, type Result, signatureOf, type Tree, trees, valueFor } from "./random-canvas.ts";
import { type Choose, End, World } from "./world.ts";

const runs = { numRuns: process.env["UMBEL_TEST_LEVEL"] === "full" ? 10_000 : 1_000 };

// A full run takes some ten seconds for each test on an idle machine.
vi.setConfig({ testTimeout: 120_000 });

/** Random choices that fast-check can shrink: towards performing everything once, in order. */
const choices: fc.Arbitrary<Choose> = fc
  .infiniteStream(fc.nat(99))
  .map((stream) => (count) => (count < 2 ? 0 : (stream.next().value ?? 0) % count));

it("gives every task one id, and the same whenever it is frozen, from the tree or from what is frozen already", () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const frozen = freeze(signatureOf(tree), atRoot);

      const tasks = tasksOf(frozen.signature).filter(({ task }) => task !== "celery.accumulate");
      const ids = tasksOf(frozen.signature).map(({ options }) => options.task_id);
      expect(tasks).toHaveLength(fatesIn(tree).size);
      expect(new Set(tasks.map(({ task }) => task))).toEqual(new Set(fatesIn(tree).keys()));
      expect(ids).not.toContain(undefined);
      expect(new Set(ids).size).toBe(ids.length);
      expect(freeze(signatureOf(tree), atRoot)).toEqual(frozen);
      expect(freeze(frozen.signature, { ...atRoot, id: "another" }).signature).toEqual(frozen.signature);
      expect(frozen.id).toBe("root");
    }),
    runs,
  );
});

it("has the ids of all its tasks in its outline", () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const frozen = freeze(signatureOf(tree), atRoot).signature;

      const known = freeze(outlined(JSON.parse(JSON.stringify(outlineOf(frozen)))), atRoot).signature;

      expect(taskIdsIn(known)).toEqual(taskIdsIn(frozen));
    }),
    runs,
  );
});

it("sends each task now, or inside what is sent now", () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const calls = expand(freeze(signatureOf(tree), atRoot).signature);

      const carried = new Set(calls.flatMap(carriedBy));
      expect([...fatesIn(tree).keys()].filter((name) => !carried.has(name))).toEqual([]);
    }),
    runs,
  );
});

it("ends every task, with the values of a plain evaluation, in whatever order and however often it is performed", () => {
  fc.assert(
    fc.property(trees, choices, (tree, choose) => {
      const world = worldOf(tree, choose);
      const frozen = freeze(signatureOf(tree), atRoot);
      const result = world.run(signatureOf(tree));

      const expected = expectedOf(tree);
      const states = tasksOf(frozen.signature).map(
        ({ task, options }) => [task, stateIn(world, options.task_id)] as const,
      );
      expect(states.filter(([, state]) => state === "PENDING")).toEqual([]);
      expect(new Map(states.filter(([task]) => task !== "celery.accumulate"))).toEqual(expected.states);
      expect(seenBy(world, result, expected.result)).toEqual(valueOf(expected.result));
    }),
    runs,
  );
});

it("runs every task at most once, each with the call as its root and a task that ran as its parent", () => {
  fc.assert(
    fc.property(trees, choices, (tree, choose) => {
      const world = worldOf(tree, choose);
      world.run(signatureOf(tree));

      const ids = world.performed.map((each) => each.id);
      const parents = world.performed.map(({ options }) => options.parent_id).filter((id) => typeof id === "string");
      expect(new Set(ids).size).toBe(ids.length);
      expect(world.performed.every(({ options }) => options.root_id === "root")).toBe(true);
      expect(parents.filter((id) => !world.ended.has(id))).toEqual([]);
    }),
    runs,
  );
});

/** Names of the tasks in a call, and in what travels with it. */
function carriedBy({ task, embed: { chain, chord } }: Call): readonly string[] {
  const carried = [chain ?? [], chord ?? []].flat();
  return [task].concat(carried.flatMap(tasksOf).map((each) => each.task));
}

function worldOf(tree: Tree, choose: Choose): World {
  const fates = fatesIn(tree);
  return new World(
    (name) => (args) => {
      if (name === "celery.accumulate") return args[0];
      const fate = fates.get(name);
      if (fate === "throws") throw new Error(name);
      if (fate === "is revoked") throw new End("revoked");
      if (fate === "is ignored") throw new End("ignored");
      return valueFor(name, args);
    },
    choose,
  );
}

/** What a reader of a result sees, as far as there is something to see: no value in what was lost. */
function seenBy(world: World, result: ResultTuple, expected: Result): unknown {
  const [[id], members] = result;
  if (expected.kind === "list")
    return members?.map((each, index) => seenBy(world, each, expected.members[index] ?? expected));
  if (expected.kind === "value") return { value: world.ended.get(id)?.result };
  return idsIn(result).some((each) => stateIn(world, each) === "SUCCESS") ? "a value" : "none";
}

function idsIn([[id], members]: ResultTuple): readonly string[] {
  return members === null ? [id] : members.flatMap(idsIn);
}

function valueOf(result: Result): unknown {
  if (result.kind === "list") return result.members.map(valueOf);
  return result.kind === "value" ? { value: result.value } : "none";
}

function stateIn(world: World, id: string | null | undefined): string {
  return world.ended.get(id ?? "")?.state ?? "PENDING";
}

/** Every task that lies in a signature, or follows it, at any depth. */
function taskIdsIn(canvas: Signature): readonly unknown[] {
  return tasksOf(canvas).map(({ options }) => options.task_id);
}

function tasksOf({ subtask_type: kind, kwargs, options, ...rest }: Signature): readonly Signature[] {
  const after = [options.chain ?? [], options.chord ?? []].flat().flatMap(tasksOf);
  if (kind === null) return [{ ...rest, subtask_type: kind, kwargs, options }, ...after];
  const parts = [kwargs["tasks"] ?? [], kwargs["header"] ?? [], kwargs["body"] ?? []].flat();
  return [...parts.flatMap((each) => tasksOf(decodeSignature(each))), ...after];
}
