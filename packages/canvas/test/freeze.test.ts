import { chain, chord, clone, expand, freeze, group, link, linkError, pipe, print, resultIdOf } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { atRoot, childId, fixed, shapeOf, task, withOptions } from "./build.ts";

const [a, b, c] = [task("a"), task("b"), task("c")];

it.each([
  { title: "a task", canvas: a, result: [["root", null], null] },
  {
    title: "a chain, each step the parent of the next",
    canvas: chain([a, b, c]),
    result: [["root", [["root/1", [["root/0", null], null]], null]], null],
  },
  { title: "a chain of one", canvas: chain([a]), result: [["root", null], null] },
  {
    title: "a group, whose members have no parents of their own",
    canvas: group([a, chain([b, c])]),
    result: [
      ["root", null],
      [
        [["root/0", null], null],
        [["root/1", [["root/1/0", null], null]], null],
      ],
    ],
  },
  { title: "an empty group", canvas: group([]), result: [["root", null], []] },
  {
    title: "a chord, whose header is the parent of its body",
    canvas: chord([a, b], c),
    result: [
      [
        "root",
        [
          ["root/header", null],
          [
            [["root/header/0", null], null],
            [["root/header/1", null], null],
          ],
        ],
      ],
      null,
    ],
  },
  {
    title: "a chain that ends in a group",
    canvas: chain([a, group([b, c])]),
    result: [
      ["root", [["root/0", null], null]],
      [
        [["root/1/0", null], null],
        [["root/1/1", null], null],
      ],
    ],
  },
  {
    title: "a chord in a chain",
    canvas: chain([a, chord([b], c)]),
    result: [["root", [["root/1/header", [["root/0", null], null]], [[["root/1/header/0", null], null]]]], null],
  },
])("knows the ids of $title before it is sent", ({ canvas, result }) => {
  const frozen = freeze(canvas, atRoot);

  expect(frozen.result).toEqual(result);
  expect(frozen.id).toBe("root");
  expect(resultIdOf(frozen.signature)).toBe("root");
});

it("asks for each id with the call and the node's place in it", () => {
  const asked: string[] = [];

  freeze(chain([a, chord([b, chain([a, b])], chain([b, c]))]), {
    id: "root",
    childId: (parent, name) => {
      asked.push(`${parent} ${name}`);
      return name;
    },
  });

  expect(asked).toContain("root 0");
  expect(asked).toContain("root 1/header/1/0");
  expect(asked).toContain("root 1/body/0");
});

it("takes the id that a signature has for the whole call, so that a call with a chosen id can be sent twice", () => {
  const frozen = freeze(withOptions(chain([a, b]), { task_id: "mine" }), atRoot);

  expect(frozen.result).toEqual([["mine", [["mine/0", null], null]], null]);
});

it("derives ids from another one, for what takes the place of a task that has its id already", () => {
  const frozen = freeze(chain([a, b]), { id: "root", base: "root/replace/1", childId });

  expect(frozen.result).toEqual([["root", [["root/replace/1/0", null], null]], null]);
});

it("keeps the ids of steps that have one", () => {
  const frozen = freeze(chain([withOptions(a, { task_id: "mine" }), b]), atRoot);

  expect(frozen.result).toEqual([["root", [["mine", null], null]], null]);
});

it("keeps the id of a header that has one", () => {
  const frozen = freeze(chord(withOptions(group([a]), { task_id: "header" }), b), atRoot);

  expect(frozen.result[0][1]).toEqual([["header", null], [[["root/header/0", null], null]]]);
});

it("keeps the id of a header when the chord's body grows", () => {
  const frozen = freeze(pipe(chord(withOptions(group([a]), { task_id: "header" }), b), c), atRoot);

  expect(frozen.result[0][1]).toEqual([["root/body/0", [["header", null], [[["root/header/0", null], null]]]], null]);
});

describe("of a chord's header", () => {
  it.each([
    {
      title: "a group counts as its members, in order",
      header: [a, group([b, group([c, a])]), c],
      shape: "a, b, c, a, c",
    },
    { title: "an empty group counts for nothing", header: [a, group([])], shape: "a" },
    { title: "a chain is one member", header: [chain([a, b])], shape: "chain(a, b)" },
    {
      title: "a chain that ends in a group gets a task that returns the list",
      header: [chain([a, group([b, c])])],
      shape: "chain(a, chord(group(b, c), celery.accumulate))",
    },
    {
      title: "a chain of nothing but a group is one member",
      header: [chain([group([b, c])])],
      shape: "chord(group(b, c), celery.accumulate)",
    },
    {
      title: "a chord whose body is a group gets one, too",
      header: [chord([a], group([b, c]))],
      shape: "chord(group(a), chord(group(b, c), celery.accumulate))",
    },
  ])("$title", ({ header, shape }) => {
    const frozen = freeze(chord(header, b), atRoot);

    expect(shapeOf(frozen.signature)).toBe(`chord(group(${shape}), b)`);
  });
});

it("upgrades what a foreign writer left for the run time", () => {
  const raw = { ...chain([]), kwargs: { tasks: [a, group([b, c]), group([b]), chain([a, group([b])]), c] } };

  expect(shapeOf(freeze(raw, atRoot).signature)).toBe(
    "chain(a, chord(group(b, c), chord(group(b), a)), chord(group(b), c))",
  );
});

it("reads a signature that says no more than its name", () => {
  const raw: Signature = { ...chain([]), kwargs: { tasks: [{ task: "tasks.a" }, { task: "tasks.b", args: [1] }] } };

  expect(print(freeze(raw, atRoot).signature)).toBe("tasks.a() | tasks.b(1)");
});

it.each([
  { title: "an empty chain", canvas: chain([]), error: /empty chain/u },
  { title: "an empty chain in a group", canvas: group([chain([])]), error: /empty chain/u },
  { title: "something linked to a group", canvas: link(group([a]), b), error: /group\.pipe\(callback\)/u },
  {
    title: "something linked to a chain that ends in a group",
    canvas: link(chain([a, group([b])]), c),
    error: /group\.pipe/u,
  },
  { title: "a callback that could not be sent", canvas: link(a, chain([])), error: /empty chain/u },
  { title: "an errback that could not be sent", canvas: linkError(a, link(group([a]), b)), error: /group\.pipe/u },
  { title: "an empty id", canvas: withOptions(a, { task_id: "" }), error: /id of tasks.a has 0 characters.* 255/u },
  {
    title: "a step whose id is too long for a message",
    canvas: chain([a, withOptions(b, { task_id: "x".repeat(256) }), c]),
    error: /id of tasks.b has 256 characters/u,
  },
  { title: "a chain without steps to read", canvas: { ...chain([a]), kwargs: {} }, error: /celery.chain has no list/u },
  {
    title: "a step that is no signature",
    canvas: { ...chain([a]), kwargs: { tasks: [1] } },
    error: /kwargs.tasks\[0\]/u,
  },
  { title: "a body that is no signature", canvas: { ...chord([a], b), kwargs: { header: [] } }, error: /kwargs.body/u },
])("refuses $title", ({ canvas, error }) => {
  expect(() => freeze(canvas, atRoot)).toThrow(error);
});

it("refuses to send what was not frozen", () => {
  expect(() => expand(clone(fixed("a"), {}))).toThrow(/freeze/u);
});
