/** What it costs to wait for many results: connections, requests, commands. */

import { group, restoreGroup, ResultSet, Umbel } from "umbel";
import type { Backend, CallerBackend, ResultMeta } from "@umbel/protocol";
import { upstash, withAttempts } from "@umbel/upstash-redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, serveStore, type ServedStore } from "../store.ts";
import { acceptance, range } from "./acceptance-tasks.ts";

describe("waiting for a group", () => {
  it("of a hundred costs one reading, and few waits besides, while its members end one after the other", async () => {
    const { add, finish, ports } = acceptance();
    const result = await group(range(100).map((i) => add.s(i, i))).delay();
    ports.calls.length = 0;

    const waiting = result.get();
    await finish();

    expect(await waiting).toEqual(range(100).map((i) => 2 * i));
    const calls = ports.calls.filter((each) => each === "read" || each === "wait");
    expect(calls.filter((each) => each === "read")).toHaveLength(1);
    expect(calls.length).toBeLessThan(12);
  });

  it("of more than a thousand is read, and forgotten, a thousand at a time", async () => {
    const { add, finish, ports } = acceptance();
    const result = await group(range(1500).map((i) => add.s(i, i))).delay();
    await finish();
    ports.calls.length = 0;

    expect(await result.completedCount()).toBe(1500);
    expect(await result.get()).toHaveLength(1500);
    await result.forget();

    expect(ports.calls).toEqual(["read", "read", "read", "read", "forget", "forget"]);
  });

  it("that has ended costs one reading", async () => {
    const { add, finish, ports } = acceptance();
    const result = await group(range(100).map((i) => add.s(i, i))).delay();
    await finish();
    ports.calls.length = 0;

    await result.get();

    expect(ports.calls).toEqual(["read"]);
  });
});

describe.each(engines)("a thousand results in the %s", { concurrent: true }, (engine) => {
  let store: ServedStore;
  beforeAll(async () => void (store = await serveStore(engine)));
  afterAll(() => store.stop());

  it("of one group are waited for with two subscriptions at a time, and read once", async () => {
    const { app, backend, usage } = counted(store);
    const id = crypto.randomUUID();
    const ids = range(1000).map((nth) => `${id}-${nth}`);
    const result = await groupOf(app, backend, { id, ids });

    const waiting = result.get({ timeout: 50 });
    await usage.subscribed();
    await endAll(backend, ids, id);

    expect(await waiting).toEqual(range(1000));
    expect(usage.mostOpen()).toBeLessThanOrEqual(2);
    expect(usage.readings).toEqual([1000]);
    expect(usage.waits()).toBeLessThan(500); // As many as end before they are heard of: 7 to 60, by the machine's load.
  });

  it("of one group whose members nobody announces, as Python's, are all had", async () => {
    const { app, backend, usage } = counted(store);
    const id = crypto.randomUUID();
    const ids = range(50).map((nth) => `${id}-${nth}`);
    const result = await groupOf(app, backend, { id, ids });

    const waiting = result.get({ timeout: 50 });
    await usage.subscribed();
    await endAll(backend, ids, undefined);

    expect(await waiting).toEqual(range(50));
    expect(usage.mostOpen()).toBeLessThanOrEqual(2);
  });

  it("of no common group are waited for eight at a time, and linear in commands", async () => {
    const { app, backend, usage } = counted(store);
    const ids = range(200).map(() => crypto.randomUUID());
    const set = new ResultSet(ids.map((id) => app.result(id)));

    const waiting = set.get({ timeout: 50 });
    await usage.subscribed();
    await endAll(backend, ids, undefined);

    expect(await waiting).toEqual(range(200));
    expect(usage.mostOpen()).toBeLessThanOrEqual(8);
    expect(usage.waits()).toBeLessThanOrEqual(200);
    expect(usage.readings.length).toBeLessThan(4);
  });
});

/** An application on a served store whose readers are counted. */
function counted(store: ServedStore) {
  const backend = withAttempts(upstash(store.address)(() => undefined));
  const readings: number[] = [];
  const first = Promise.withResolvers<void>();
  let [open, most, waits] = [0, 0, 0];
  const opened = (): void => {
    open += 1;
    most = Math.max(most, open);
  };
  const reader: Pick<CallerBackend, "read" | "wait" | "watchGroup"> = {
    async read(ids) {
      readings.push(ids.length);
      return await backend.read(ids);
    },
    async wait(id, signal) {
      opened();
      waits += 1;
      first.resolve();
      return await backend.wait(id, signal).finally(() => void (open -= 1));
    },
    async *watchGroup(id, signal) {
      opened();
      try {
        yield* backend.watchGroup(id, signal);
      } finally {
        open -= 1;
      }
    },
  };
  const usage = { readings, mostOpen: () => most, waits: () => waits, subscribed: async () => await first.promise };
  return { app: new Umbel("tasks", { backend: { ...backend, ...reader } }), backend, usage };
}

/** A group's handle, as any program restores it. */
async function groupOf(
  app: Umbel,
  backend: Backend,
  { id, ids }: { readonly id: string; readonly ids: readonly string[] },
) {
  await backend.saveGroup({ id, tuple: [[id, null], ids.map((each) => [[each, null], null])] }, 600);
  const restored = await restoreGroup(app, id);
  if (restored === undefined) throw new Error("The group is not there");
  return restored;
}

/** Ends them in order, each with its place as value. */
async function endAll(backend: Backend, ids: readonly string[], of: string | undefined): Promise<void> {
  const results = ids.map((id, nth): ResultMeta => {
    const base = { status: "SUCCESS", result: nth, traceback: null, children: [], date_done: null, task_id: id };
    return of === undefined ? base : { ...base, group_id: of };
  });
  for (let at = 0; at < results.length; at += 100) {
    const part = results.slice(at, at + 100);
    await backend.settle(part.map((result) => ({ id: result.task_id, state: "SUCCESS", result, retention: 600 })));
  }
}
