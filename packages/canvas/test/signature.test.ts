import { clone, flattenLinks, immutable, link, linkError, signature } from "@umbel/canvas";
import { expect, it } from "vitest";
import { task, withOptions } from "./build.ts";

const add = task("add", 1, 2);

it("is Celery's JSON, with all six fields", () => {
  expect(signature("tasks.add", { args: [2, 2], kwargs: { debug: true }, options: { countdown: 10 } })).toEqual({
    task: "tasks.add",
    args: [2, 2],
    kwargs: { debug: true },
    options: { countdown: 10 },
    subtask_type: null,
    immutable: false,
  });
});

it("drops options that are null", () => {
  expect(signature("tasks.add", { options: { queue: null, priority: 3 } }).options).toEqual({ priority: 3 });
});

it("puts new arguments before its own", () => {
  expect(clone(task("add", 2), { args: [1] }).args).toEqual([1, 2]);
});

it("lets new named arguments win over its own", () => {
  const own = clone(add, { kwargs: { z: 3, w: 1 } });

  expect(clone(own, { kwargs: { z: 9 } }).kwargs).toEqual({ z: 9, w: 1 });
});

it("takes neither arguments nor named ones when it is immutable, but options", () => {
  const cloned = clone(immutable(add), { args: [9], kwargs: { z: 1 }, options: { queue: "slow" } });

  expect(cloned).toEqual({ ...immutable(add), options: { queue: "slow" } });
});

it.each([
  {
    title: "lets new options win",
    own: { countdown: 1, queue: "a" },
    given: { countdown: 2 },
    merged: { countdown: 2, queue: "a" },
  },
  { title: "keeps its group", own: { group_id: "g1" }, given: { group_id: "g2" }, merged: { group_id: "g1" } },
  { title: "takes a group when it has none", own: {}, given: { group_id: "g2" }, merged: { group_id: "g2" } },
  {
    title: "keeps a stamp",
    own: { st: "a", stamped_headers: ["st"] },
    given: { st: "b" },
    merged: { st: "a", stamped_headers: ["st"] },
  },
  {
    title: "passes over new options that are null",
    own: { queue: "a" },
    given: { queue: null },
    merged: { queue: "a" },
  },
])("$title when it is cloned", ({ own, given, merged }) => {
  expect(clone(withOptions(add, own), { options: given }).options).toEqual(merged);
});

it("is not changed by cloning, linking or making it immutable", () => {
  const before = structuredClone(add);

  clone(add, { args: [1], kwargs: { z: 1 }, options: { queue: "a" } });
  linkError(link(immutable(add), task("log")), task("log"));

  expect(add).toEqual(before);
});

it("links each callback once, however often it is given", () => {
  const log = task("log");

  const linked = link(link(link(add, log), task("log", 9)), task("log"));

  expect(linked.options.link).toEqual([log, task("log", 9)]);
});

it("adds to a single linked signature, as Python may write it", () => {
  const own = withOptions(add, { link_error: task("one") });

  expect(linkError(own, task("two")).options.link_error).toEqual([task("one"), task("two")]);
});

it("takes links whose keys are in another order as equal", () => {
  const one = clone(task("log"), { kwargs: { a: 1, b: { c: 2, d: 3 } } });
  const same = clone(task("log"), { kwargs: { b: { d: 3, c: 2 }, a: 1 } });
  const other = clone(task("log"), { kwargs: { a: 1, b: { c: 2 } } });

  expect(link(link(link(add, one), same), other).options.link).toEqual([one, other]);
});

it("lists itself and all that is linked to it, at any depth", () => {
  const [a, b, c] = [task("a"), task("b"), task("c")];

  expect(flattenLinks(linkError(link(a, link(b, c)), c)).map(({ task: name }) => name)).toEqual([
    "tasks.a",
    "tasks.b",
    "tasks.c",
    "tasks.c",
  ]);
});
