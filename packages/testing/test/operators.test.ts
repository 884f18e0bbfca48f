/** What operators ask, in a kit: on its clock, and struck as the other ports are. */

import { Umbel } from "@umbel/core";
import { deskInMemory, monitorInMemory } from "@umbel/memory";
import { BackendUnavailable, BrokerUnavailable } from "@umbel/protocol";
import { testKit, type TestKitOptions } from "@umbel/testing";
import { describe, expect, it } from "vitest";

const change = { from: "", text: "{}", paused: [], drained: [] };
const all = { limit: 10 };

describe("the monitor's store in a kit", () => {
  it("is the kit's own, and its calls are counted", async () => {
    const { kit, monitor } = open();
    await using _ = kit;

    const kept = await monitor.direct(change);

    expect(await kit.backend.monitor.directives()).toEqual(kept);
    expect(kit.calls).toEqual(["direct"]);
  });

  it("is away while the store is, for those who watch as well", async () => {
    const { app, kit, monitor } = open();
    await using _ = kit;
    const before = monitor.live(AbortSignal.timeout(60_000))[Symbol.asyncIterator]();
    await before.next();
    await kit.backend.emit?.([{ channel: "", text: "an event" }]);
    kit.outage(60);

    await expect(monitor.counts()).rejects.toThrow(BackendUnavailable);
    await expect(app.backend.emit?.([])).rejects.toThrow(BackendUnavailable);
    await expect(before.next()).rejects.toThrow(BackendUnavailable);
    const after = monitor.live(AbortSignal.timeout(60_000))[Symbol.asyncIterator]();
    await expect(after.next()).rejects.toThrow(BackendUnavailable);
    await kit.advance(60);
    await expect(monitor.counts()).resolves.toMatchObject({ events: 1 });
  });

  it("does what a process asks whose answer is lost", async () => {
    const { kit, monitor } = open({ faults: [{ fault: "loseAnswer", call: "direct", nth: 0 }] });
    await using _ = kit;

    await expect(kit.run("control", async () => await monitor.direct(change))).rejects.toThrow(BackendUnavailable);

    expect(await kit.backend.monitor.directives()).toMatchObject({ text: "{}" });
    expect(kit.fired).toMatchObject([{ fault: "loseAnswer", call: "direct", task: "control" }]);
  });
});

describe("the broker's desk in a kit", () => {
  it("is there while the store is not, and its calls are counted", async () => {
    const { kit, desk } = open();
    await using _ = kit;
    kit.outage(60);

    expect(await desk.accepted(all)).toEqual({ messages: [] });
    expect(await desk.dead(all)).toEqual({ messages: [] });
    expect(kit.calls).toEqual(["accepted", "dead"]);
  });

  it("hears of a lost answer", async () => {
    const { kit, desk } = open({ faults: [{ fault: "loseAnswer", call: "pin", nth: 0 }] });
    await using _ = kit;

    await expect(kit.run("control", async () => await desk.pin("k", undefined))).rejects.toThrow(BrokerUnavailable);
  });
});

function open(options: TestKitOptions = {}) {
  const app = new Umbel("tasks", { log: () => undefined });
  const kit = testKit(app, { seed: 1, ...options });
  const monitor = monitorInMemory(app.backend);
  const desk = deskInMemory(app.broker);
  if (monitor === undefined || desk === undefined) throw new Error("The kit's ports are in memory");
  return { app, kit, monitor, desk };
}
