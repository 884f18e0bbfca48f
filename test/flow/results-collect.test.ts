/** What a call has led to: children, values, the graph. */

import {
  chain,
  children,
  chord,
  collect,
  getLeaf,
  graph,
  group,
  IncompleteStream,
  iterdeps,
  type ResultHandle,
} from "umbel";
import { describe, expect, it } from "vitest";
import { listOf } from "../list-of.ts";
import { acceptance } from "./acceptance-tasks.ts";

/** A task that sends a call, a group and a chain. */
function family() {
  const home = acceptance();
  const { app, add } = home;
  const parent = app.task({ name: "tasks.parent", bind: true }, async (task) => {
    await task.delay(add.s(1, 1));
    await task.delay(group([add.s(2, 2), add.s(3, 3)]));
    await task.delay(chain(add.s(4, 4), add.s(1)));
    return "top";
  });
  return { ...home, parent };
}

describe("children()", () => {
  it("are what a task has sent, groups as groups, in order", async () => {
    const { parent, finish } = family();
    const result = await parent.delay();
    await finish();

    const [call, many, last] = await children(result);

    expect(await call?.get()).toBe(2);
    expect(await many?.get()).toEqual([4, 6]);
    expect(await last?.get()).toBe(9);
    expect(await last?.parent?.get()).toBe(8);
  });

  it("are callbacks and the next step too", async () => {
    const { add, log, finish } = family();
    const result = await chain(add.s(1, 1).link(log.s("done")), add.s(1)).delay();
    await finish();

    const first = result.parent ?? result;

    expect((await children(first)).map(({ id }) => id)).toContain(result.id);
    expect(await children(first)).toHaveLength(2);
  });

  it("are the members of a group, and none before the end", async () => {
    const { add, parent } = family();
    const many = await group([add.s(1, 1)]).delay();

    expect(await children(many)).toEqual(many.results);
    expect(await children(await parent.delay())).toEqual([]);
  });
});

describe("collect()", () => {
  it("gives each handle with its value, level by level, groups stored as children too", async () => {
    const { parent, finish } = family();
    const result = await parent.delay();

    const collecting = listOf(collect(result));
    await finish();

    expect((await collecting).map(([, value]) => value)).toEqual(["top", 2, [4, 6], 9, 4, 6]);
    expect(await getLeaf(result)).toBe(6);
  });

  it("costs two readings for each level, however wide it is", async () => {
    const { parent, finish, ports } = family();
    const result = await parent.delay();
    await finish();
    ports.calls.length = 0;

    await listOf(collect(result));

    expect(ports.calls.filter((each) => each === "read").length).toBeLessThanOrEqual(7);
  });

  it("throws what a child threw, or gives it as the value", async () => {
    const { app, boom, finish } = family();
    const failing = app.task({ name: "tasks.failing", bind: true }, async (task) => void (await task.delay(boom.s())));
    const result = await failing.delay();
    await finish();

    await expect(listOf(collect(result))).rejects.toThrow("Exception Error");
    expect((await listOf(collect(result, { propagate: false }))).map(([, value]) => value)).toEqual([
      null,
      expect.objectContaining({ message: "Exception Error" }),
    ]);
  });

  it("follows a chord from its first member to its body", async () => {
    const { add, xsum, finish } = family();
    const result = await chord([add.s(1, 1), add.s(2, 2)], xsum.s()).delay();
    await finish();

    const values = (await listOf(collect(result.parent ?? result))).map(([, value]) => value);

    expect(values.slice(0, 3)).toEqual([[2, 4], 2, 4]);
  });
});

describe("iterdeps()", () => {
  it("throws at a call that has not ended, unless what there is will do", async () => {
    const { parent } = family();
    const result = await parent.delay();

    await expect(listOf(iterdeps(result))).rejects.toThrow(IncompleteStream);
    expect(await listOf(iterdeps(result, { intermediate: true }))).toEqual([{ parent: null, result, meta: undefined }]);
  });

  it("meets each call once, though it is met again", async () => {
    const { app, backend } = family();
    for (const [id, child] of [
      ["a", "b"],
      ["b", "a"],
    ] as const) {
      const sent = [[[child, null], null]] as const;
      const result = { status: "SUCCESS", result: null, traceback: null, children: sent, date_done: null, task_id: id };
      await backend.settle([{ id, state: "SUCCESS", result, retention: 60 }]);
    }

    const met = await listOf(iterdeps(app.result("a")));

    expect(met.map(({ result }) => result.id)).toEqual(["a", "b"]);
  });
});

describe("graph()", () => {
  it("has calls and groups as nodes, and an edge from each to what it led to", async () => {
    const { parent, finish } = family();
    const result: ResultHandle = await parent.delay();
    await finish();

    const { nodes, edges } = await graph(result);

    expect(nodes.map(({ kind, state }) => [kind, state])).toEqual([
      ["task", "SUCCESS"],
      ["task", "SUCCESS"],
      ["group", undefined],
      ["task", "SUCCESS"],
      ["task", "SUCCESS"],
      ["task", "SUCCESS"],
    ]);
    expect(edges.map(([from, to]) => [place(from), place(to)])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [2, 4],
      [2, 5],
    ]);

    function place(id: string): number {
      return nodes.findIndex((each) => each.id === id);
    }
  });

  it("has the tasks' names where results are extended", async () => {
    const { add, finish } = acceptance({ resultExtended: true });
    const result = await add.delay(1, 1);
    await finish();

    expect(await graph(result)).toEqual({
      nodes: [{ id: result.id, kind: "task", state: "SUCCESS", name: "tasks.add" }],
      edges: [],
    });
  });
});
