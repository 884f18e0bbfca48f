/** Stamps, from the canvas to the task that reads them, and to what is stored. */

import { decodePush } from "@umbel/protocol";
import { chain, chord, ImproperlyConfigured, group, stamp } from "umbel";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

/** Tasks that write down their stamps, by their argument. */
function stamped(options: WorldOptions = {}) {
  const home = world(options);
  const seen = new Map<string, unknown>();
  const note = home.app.task(
    { name: "tasks.note", bind: true },
    ({ request }, name: string, _given: unknown = null) => {
      seen.set(name, request.stamps);
      return name;
    },
  );
  const last = home.app.task({ name: "tasks.last", bind: true }, ({ request }, _given: unknown) => {
    seen.set("last", request.stamps);
    return request.stampedHeaders;
  });
  return { ...home, seen, note, last };
}

describe("a stamp", () => {
  it("is read by every task of the canvas, and by its callbacks", async () => {
    const { note, last, seen, finish } = stamped();
    const canvas = chain(group([note.s("a").link(note.si("callback")), note.s("b")]), last.s());

    const result = await stamp(canvas, { tenant: "acme" }).delay();
    await finish();

    const tenant = { tenant: "acme" };
    expect(seen).toEqual(
      new Map([
        ["a", tenant],
        ["callback", tenant],
        ["b", tenant],
        ["last", tenant],
      ]),
    );
    expect(await result.get()).toEqual(["tenant"]);
  });

  it("is read by the errbacks of a group that a task follows", async () => {
    const { app, note, last, seen, finish } = stamped();
    const boom = app.task("tasks.boom", (): string => {
      throw new RangeError("too far");
    });
    const header = group([chain(boom.s(), note.si("never"))]).linkError(note.si("errback"));

    await stamp(chain(header, last.s()), { tenant: "acme" }).delay();
    await finish();

    expect(seen).toEqual(new Map([["errback", { tenant: "acme" }]]));
  });

  it("comes from a visitor, part by part", async () => {
    const { note, last, seen, finish } = stamped();
    const canvas = chord([note.s("a"), note.s("b")], last.s());
    let at = 0;

    await stamp(canvas, {
      onSignature: () => ({ nth: (at += 1) }),
      onGroupStart: () => ({ part: "header" }),
      onChordBody: () => ({ part: "body" }),
    }).delay();
    await finish();

    expect(seen.get("a")).toEqual({ part: "header", nth: 1 });
    expect(seen.get("b")).toEqual({ part: "header", nth: 2 });
    expect(seen.get("last")).toEqual({ part: "body", nth: 3 });
  });

  it("is set by an option of the call, on every step", async () => {
    const { note, last, seen, finish } = stamped();

    await chain(note.s("a"), last.s()).applyAsync([], { stamps: { tenant: "acme" } });
    await note.applyAsync(["b"], { stamps: { nested: { deep: [1] } } });
    await note.signature(["c"], { stamps: { k: 1 } }).applyAsync([], { stamps: { k: 2, other: 3 } });
    await finish();

    expect(seen.get("a")).toEqual({ tenant: "acme" });
    expect(seen.get("last")).toEqual({ tenant: "acme" });
    expect(seen.get("b")).toEqual({ nested: { deep: [1] } });
    expect(seen.get("c")).toEqual({ k: 1, other: 3 });
  });

  it("survives a retry", async () => {
    const { app, finish } = stamped();
    const read: unknown[] = [];
    const twice = app.task({ name: "tasks.twice", bind: true }, (task) => {
      read.push(task.request.stamps);
      return task.request.retries === 0 ? task.retry({ countdown: 1 }) : null;
    });

    await twice.applyAsync({ stamps: { tenant: "acme" } });
    await finish();

    expect(read).toEqual([{ tenant: "acme" }, { tenant: "acme" }]);
  });

  it("goes over to all that replaces a task, but for a stamp of that name", async () => {
    const { app, note, last, seen, finish } = stamped();
    const own = note.si("own").set({ stamps: { tenant: "other" } });
    const swap = app.task({ name: "tasks.swap", bind: true }, (task) =>
      task.replace(chain(group(note.si("a"), chain(note.si("b"), own)), last.s())),
    );

    await stamp(swap.si(), { tenant: "acme" }).delay();
    await finish();

    expect(seen).toEqual(
      new Map([
        ["a", { tenant: "acme" }],
        ["b", { tenant: "acme" }],
        ["own", { tenant: "other" }],
        ["last", { tenant: "acme" }],
      ]),
    );
  });

  it("does not pass to what a task sends by itself", async () => {
    const { app, note, seen, finish } = stamped();
    const parent = app.task(
      { name: "tasks.parent", bind: true },
      async (task) => void (await task.delay(note.s("child"))),
    );

    await parent.applyAsync({ stamps: { tenant: "acme" } });
    await finish();

    expect(seen.get("child")).toEqual({});
  });

  it("is stored with an extended result, under its own name, and hides none of its fields", async () => {
    const { note, finish } = stamped({ resultExtended: true });
    const result = await note.applyAsync(["a"], { stamps: { tenant: "acme", status: "mine" } });

    await finish();

    expect(await result.meta()).toMatchObject({
      status: "SUCCESS",
      tenant: "acme",
      stamped_headers: ["tenant", "status"],
    });
  });

  it("travels as Celery's: its name in stamped_headers, its value in stamps", async () => {
    const { note, broker } = stamped();

    await note.applyAsync(["a"], { stamps: { tenant: "acme" } });
    await note.delay("b");

    const messages = await Promise.all(broker.waiting.map(async ({ body }) => await decodePush(body)));
    expect(messages.map(({ headers }) => [headers.stamped_headers, headers.stamps])).toEqual([
      [["tenant"], { tenant: "acme" }],
      [null, {}],
    ]);
  });

  it.each([{ queue: "x" }, { task_id: "x" }])(
    "is refused at the caller when it is named as an option: %j",
    async (stamps) => {
      const { note, broker } = stamped();

      expect(() => stamp(note.s("a"), stamps)).toThrow(ImproperlyConfigured);
      await expect(note.applyAsync(["a"], { stamps })).rejects.toThrow("choose another name");
      expect(broker.waiting).toEqual([]);
    },
  );
});
