/** Somebody else's value under a key of ours: what is kept for people who watch stops no worker, and who looks at it is told which. */

import type { MonitorStore } from "@umbel/protocol";
import { upstash, upstashMonitor, withAttempts } from "@umbel/upstash-redis";
import { control } from "umbel/control";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, type ServedStore, serveStore } from "../store.ts";
import { world } from "./world.ts";

const mend = "holds something that is not Umbel's; delete it, or keep Umbel's keys apart by upstash({ prefix })";

describe.each(engines)("before the %s", (engine) => {
  let store: ServedStore;
  let worlds = 0;
  beforeAll(async () => void (store = await serveStore(engine)));
  afterAll(async () => await store.stop());

  /** An application before an empty store, and what puts a list in the place of a key, or deletes it. */
  function open() {
    worlds += 1;
    const prefix = `${worlds}:`;
    const connected = upstash({ ...store.address, prefix, subscribe: false })(() => undefined);
    const settings = { workerSendTaskEvents: true, time: { start: Date.now() } };
    const home = world(settings, () => withAttempts(connected));
    const monitor = upstashMonitor(connected);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    const nameOf = (key: string) => `umbel:${prefix}${key}`;

    async function remove(key: string): Promise<void> {
      await connected.store.send([{ size: 0, putInto: (pipeline) => void pipeline.del(nameOf(key)) }]);
    }

    async function spoil(key: string): Promise<void> {
      await remove(key);
      await connected.store.send([{ size: 0, putInto: (pipeline) => void pipeline.rpush(nameOf(key), "mine") }]);
    }

    return { ...home, add, monitor, nameOf, remove, spoil, operator: control(home.app, { store: monitor }) };
  }

  it.each([
    "events",
    "told",
    "active",
    "workers",
    "worker:worker@tasks",
    "totals:worker@tasks",
    "directives",
    "revoked",
  ])("%s stops no worker, and nothing of a task is lost", async (key) => {
    const { add, app, drain, spoil } = open();
    await spoil(key);

    const [result, unwanted] = [await add.delay(1, 2), await add.delay(3, 4)];
    await unwanted.revoke();
    await drain();

    expect(await result.get()).toBe(3);
    expect(await app.result(unwanted.id).state()).toBe("REVOKED");
  });

  it.each<{
    readonly key: string;
    readonly look: (monitor: MonitorStore) => Promise<unknown>;
    readonly which?: readonly string[];
  }>([
    { key: "events", look: (monitor) => monitor.past({ limit: 1 }) },
    { key: "active", look: (monitor) => monitor.active({ limit: 1 }) },
    { key: "workers", look: (monitor) => monitor.workers() },
    { key: "revoked", look: (monitor) => monitor.revoked({ limit: 1 }) },
    { key: "directives", look: (monitor) => monitor.directives() },
    { key: "directives", look: (monitor) => monitor.direct({ from: "", text: "{}", paused: [], drained: [] }) },
    { key: "told", look: (monitor) => monitor.counts(), which: ["workers", "active", "revoked", "told"] },
  ])("who looks at $key is told, and all is well once it is deleted", async ({ key, look, which }) => {
    const { add, drain, monitor, nameOf, remove, spoil } = open();
    await spoil(key);
    const named = which === undefined ? nameOf(key) : `one of ${which.map(nameOf).join(", ")}`;

    await expect(look(monitor)).rejects.toThrow(`upstash-redis: WRONGTYPE: ${named} ${mend}`);

    await remove(key);
    await add.delay(1, 2);
    await drain();
    await look(monitor);
  });

  it("a worker goes on as it was told last where the directives cannot be read any more", async () => {
    const { add, app, drain, operator, spoil } = open();
    await operator.disableEvents();
    await add.delay(1, 2);
    await drain();
    await spoil("directives");

    await add.delay(3, 4);
    await drain();

    expect(app.oversight.directives).toEqual({ taskEvents: false });
  });
});
