/** Where `umbel/beat` keeps entries: beside the application's backend, whichever of ours that is, or where it is told to. */

import { ImproperlyConfigured, NotSupportedError, Umbel, type UmbelOptions } from "umbel";
import { beat, schedules, type StoreOptions } from "umbel/beat";
import { memoryBackend, memoryBroker, memorySchedules } from "umbel/memory";
import { upstash } from "umbel/upstash";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, serveStore, type ServedStore } from "../store.ts";
import { until } from "../until.ts";

describe.each(engines)("beats on umbel/upstash before the %s", (engine) => {
  let store: ServedStore;
  beforeAll(async () => void (store = await serveStore(engine)));
  afterAll(() => store.stop());

  it("keep their entries beside it: what one has sent, another knows", async () => {
    const backend = upstash(store.address);

    expect(await sentByTwo({ backend }, { backend })).toEqual([1, 0]);
  });

  it("count a run that is sent ahead once its time has come, and none that is taken back", async () => {
    const { app, task } = reportOn({ backend: upstash(store.address) });
    const entries = schedules(app);
    await entries.upsert("often", { task, schedule: 1 });
    const { sent } = await beat(app, {}, { isGuest: true }).tick();
    await until(async () => ((await entries.get("often"))?.count ?? 0) > 0);

    const { count, lastRun } = await entries.pause("often");
    const pausedAt = Date.now();
    await until(() => Date.now() > pausedAt + 1100);

    expect(sent.length).toBeGreaterThan(80);
    expect(count).toBeLessThan(60);
    expect(lastRun?.getTime()).toBeLessThanOrEqual(pausedAt);
    expect(await entries.get("often")).toMatchObject({ count, lastRun });
  });

  it("have an entry changed by fifteen at once, one after another", async () => {
    const { app, task } = reportOn({ backend: upstash(store.address) });
    const entries = schedules(app);
    const all = Array.from({ length: 15 }, (_, nth) => 3600 + nth);

    const done = await Promise.allSettled(
      all.map(async (schedule) => await entries.upsert("wanted", { task, schedule })),
    );

    expect(done.filter(({ status }) => status === "rejected")).toEqual([]);
  });

  it("know nothing of each other under another prefix", async () => {
    const backend = upstash({ ...store.address, prefix: "one:" });
    const elsewhere = upstash({ ...store.address, prefix: "other:" });

    expect(await sentByTwo({ backend }, { backend: elsewhere })).toEqual([1, 1]);
  });
});

describe("beats on umbel/memory", () => {
  it("keep their entries beside it", async () => {
    const backend = memoryBackend();

    expect(await sentByTwo({ backend }, { backend })).toEqual([1, 0]);
  });

  it("keep them where they are told to", async () => {
    const store = memorySchedules();

    const sent = await sentByTwo({ backend: memoryBackend(), store }, { backend: memoryBackend(), store });

    expect(sent).toEqual([1, 0]);
  });

  it("have all else in their process look where they were told to", async () => {
    const { app, task } = reportOn({ backend: memoryBackend() });
    const entries = schedules(app);
    await beat(app, { report: { task, schedule: "1h" } }, { store: memorySchedules() }).tick();

    await entries.upsert("added", { task, schedule: "80s" });

    expect((await entries.list()).map(({ name }) => name)).toEqual(["added", "report"]);
    expect((await beat(app).tick()).sent).toMatchObject([{ entry: "added" }]);
    expect(await schedules(app, { store: memorySchedules() }).list()).toEqual([]);
  });
});

describe("a beat", () => {
  it("on a backend that it does not know says what to do", async () => {
    const backend = { ...memoryBackend(), name: "mongo" };

    await expect(beatOn({ backend }).tick()).rejects.toThrow(ImproperlyConfigured);
    await expect(beatOn({ backend }).tick()).rejects.toThrow("beat(app, entries, { store })");
  });

  it("without a backend is refused by name, wherever its entries are", async () => {
    await expect(beatOn({ store: memorySchedules() }).tick()).rejects.toThrow(NotSupportedError);
  });
});

type Place = Pick<UmbelOptions, "backend"> & StoreOptions;

/** How many runs each of two beats sends, the second after the first: one is due within the horizon. */
async function sentByTwo(one: Place, other: Place): Promise<readonly number[]> {
  const first = await beatOn(one).tick();
  const second = await beatOn(other).tick();
  expect([first.failed, second.failed]).toEqual([[], []]);
  return [first.sent.length, second.sent.length];
}

function beatOn(place: Place) {
  const { backend: _backend, ...options } = place;
  const { app, task } = reportOn(place);
  return beat(app, { report: { task: task.s(), schedule: "150s" } }, { horizon: 200, ...options });
}

function reportOn({ backend }: Pick<Place, "backend">) {
  const app = new Umbel("tasks", {
    broker: memoryBroker(),
    ...(backend === undefined ? {} : { backend }),
    log: () => undefined,
  });
  return { app, task: app.task("tasks.report", () => "done") };
}
