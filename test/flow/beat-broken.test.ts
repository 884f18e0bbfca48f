/** One bad entry never stops the others: it is marked, with its error, and tried again. */

import { BrokerRejected, group, MessageTooLargeError, Umbel } from "umbel";
import { beat, crontab, interval, ownSchedule, schedules } from "umbel/beat";
import { qstash } from "umbel/qstash";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const start = Date.parse("2026-01-01T00:00:00Z");

/** A good entry that was added at run time, and a beat that knows of none in code. */
async function opened() {
  const home = world({ time: { start } });
  const noop = home.app.task("tasks.noop", () => null);
  const store = home.backend.schedules;
  const api = schedules(home.app, { store });
  await api.upsert("good", { task: noop, schedule: crontab() });
  const [good] = (await store.entries({ app: "tasks" })).entries;
  const keep = async (name: string, text: string) => {
    await store.change({ app: "tasks", changes: [{ name, entry: { version: "1", text, next: start } }] });
  };
  return { ...home, api, noop, keep, text: good?.text ?? "", schedule: beat(home.app, {}) };
}

describe("an entry that cannot be sent here", () => {
  it("for its task is not known is marked as broken, others run, and it goes on once it is known", async () => {
    const { app, api, keep, text, schedule, clock, lines } = await opened();
    await keep("later", text.replace("tasks.noop", "tasks.later"));

    const done = await schedule.tick();
    const shown = await api.get("later");
    app.task("tasks.later", () => null);
    await clock.advance(300);
    const after = await schedule.tick();

    expect(done.sent.map(({ entry }) => entry)).toEqual(["good"]);
    expect(done.failed).toEqual([{ entry: "later", error: expect.stringContaining("tasks.later") }]);
    expect(shown?.broken).toContain("tasks.later");
    expect(lines.map(({ message }) => message).join("\n")).toMatch(/The entry later is broken: .*tasks\.later/);
    expect(after.sent.map(({ entry }) => entry)).toContain("later");
    expect((await api.get("later"))?.broken).toBeUndefined();
  });

  it.each([
    ["no JSON", "[1"],
    ["JSON of something else", "[]"],
    ["a record with a field that is wrong", '{"kind":"code","revision":"x"}'],
  ])("for what is kept of it is %s is told of, and left as it is", async (_, text) => {
    const { keep, schedule, backend } = await opened();
    await keep("damaged", text);

    const { sent, failed } = await schedule.tick();

    expect(sent.map(({ entry }) => entry)).toEqual(["good"]);
    expect(failed).toEqual([{ entry: "damaged", error: expect.any(String) }]);
    const { entries } = await backend.schedules.entries({ app: "tasks", names: ["damaged"] });
    expect(entries[0]).toMatchObject({ text, next: start + 300_000 });
  });

  it("is not asked again before five minutes are over", async () => {
    const { keep, schedule, clock } = await opened();
    await keep("damaged", "[1");
    await schedule.tick();
    await clock.advance(120);

    expect((await schedule.tick()).failed).toEqual([]);
  });
});

describe("an application's own schedule that goes wrong", () => {
  it.each([
    [
      "throws",
      () => {
        throw new Error("No moon");
      },
      "No moon",
    ],
    ["does not go on", () => new Date(start), "not later"],
    ["answers no instant", () => new Date(Number.NaN), "Date"],
  ])("as it %s is its own entry's matter", async (_, next, reason) => {
    const { app, noop } = await opened();
    const entries = {
      bad: { task: noop.s(), schedule: ownSchedule({ next }) },
      fine: { task: noop.s(), schedule: interval("1m") },
    };

    const { sent, failed } = await beat(app, entries).tick();

    expect(sent.map(({ entry }) => entry).toSorted()).toEqual(["fine", "good"]);
    expect(failed).toEqual([{ entry: "bad", error: expect.stringContaining(reason) }]);
  });
});

describe("a run that the broker refuses for good", () => {
  it("breaks its entry only, and is sent when that is tried again: no slot is lost", async () => {
    const { app, api, noop, broker, schedule, clock } = await opened();
    const other = app.task("tasks.other", () => null);
    await api.upsert("bad", { task: other, schedule: crontab({ minute: 1 }) });
    await api.upsert("fine", { task: noop, schedule: crontab({ minute: 1 }) });
    const publish = broker.publish.bind(broker);
    broker.publish = async (publications) => {
      if (publications.some(({ message }) => message.headers.task === "tasks.other")) throw new BrokerRejected("No");
      return await publish(publications);
    };

    const done = await schedule.tick();
    broker.publish = publish;
    await clock.advance(300);
    const after = await schedule.tick();

    expect(done.sent.map(({ entry }) => entry).toSorted()).toEqual(["fine", "good"]);
    expect(done.failed).toMatchObject([{ entry: "bad", slot: "2026-01-01T00:01:00.000Z" }]);
    expect(after.sent).toContainEqual({ ...done.failed[0], error: undefined });
  });
});

describe("a canvas that the store does not take", () => {
  it("breaks its entry only", async () => {
    const { app, api, noop, backend, schedule } = await opened();
    const other = app.task("tasks.other", (text: string) => text.length);
    const large = other.s("x".repeat(40_000));
    await api.upsert("bad", { task: group([large, large]), schedule: crontab() });
    await api.upsert("fine", { task: noop, schedule: crontab() });
    const saveAll = backend.saveAll.bind(backend);
    backend.saveAll = async (texts, seconds) => {
      if (texts.some(({ text }) => text.length > 65_536)) throw new MessageTooLargeError("It is too large");
      await saveAll(texts, seconds);
    };

    const { sent, failed } = await schedule.tick();

    expect(sent.map(({ entry }) => entry).toSorted()).toEqual(["fine", "good"]);
    expect(failed).toMatchObject([{ entry: "bad", error: "It is too large" }]);
  });
});

/** The second beat of an application, whose token is wrong; and the publish calls that it has made. */
function locked({ backend }: Awaited<ReturnType<typeof opened>>) {
  let calls = 0;
  const other = world({ time: { start } });
  const task = other.app.task("tasks.noop", () => null);
  other.broker.publish = async () => {
    calls += 1;
    throw new BrokerRejected("401 (QSTASH_TOKEN)", { isOfCaller: true });
  };
  const schedule = beat(other.app, {}, { store: backend.schedules });
  return { schedule, task, calls: () => calls };
}

describe("a broker that refuses this process", () => {
  it("fails its tick, and leaves every slot to a beat that is let in", async () => {
    const home = await opened();
    for (const name of ["one", "two"]) await home.api.upsert(name, { task: home.noop, schedule: crontab() });
    const { schedule, calls } = locked(home);
    const kept = async () => (await home.backend.schedules.entries({ app: "tasks" })).entries;
    const sent: string[] = [];

    for (let minute = 0; minute < 4; minute += 1) {
      const before = await kept();
      await expect(schedule.tick()).rejects.toThrow("401 (QSTASH_TOKEN)");
      expect(await kept()).toEqual(before);
      const done = await home.schedule.tick();
      sent.push(...done.sent.flatMap(({ entry, slot }) => (entry === "one" ? [slot.slice(11, 16)] : [])));
      expect(done.failed).toEqual([]);
      await home.clock.advance(60);
    }

    expect(sent).toEqual(["00:01", "00:02", "00:03", "00:04"]);
    expect(calls()).toBe(4);
    expect((await home.api.list()).map(({ broken }) => broken)).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    [
      "has no token",
      { QSTASH_URL: "https://qstash.example", UMBEL_WORKER_URL: "https://worker.example" },
      "QSTASH_TOKEN",
    ],
    [
      "has queues that are no JSON",
      { QSTASH_TOKEN: "t", QSTASH_URL: "https://qstash.example", UMBEL_QUEUES: "{" },
      "UMBEL_QUEUES",
    ],
  ])("is not even asked by one that %s: its tick fails, and nothing is marked", async (_what, env, words) => {
    const { backend } = await opened();
    const app = new Umbel("tasks", {
      broker: qstash(),
      backend,
      env: { ...env, NODE_ENV: "production" },
      log: () => {},
    });
    app.task("tasks.noop", () => null);
    const before = await backend.schedules.entries({ app: "tasks" });

    await expect(beat(app, {}, { store: backend.schedules }).tick()).rejects.toThrow(words);

    expect(await backend.schedules.entries({ app: "tasks" })).toEqual(before);
  });

  it("says so once over HTTP, with what it was refused for", async () => {
    const home = await opened();
    const { schedule } = locked(home);

    const response = await schedule.request("http://127.0.0.1:8788/tick", {
      method: "POST",
      headers: { authorization: "Bearer umbel-dev" },
    });

    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: "BROKER_REJECTED", detail: "401 (QSTASH_TOKEN)" });
  });
});
