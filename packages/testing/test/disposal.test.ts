/** What is left when a kit is disposed of: nobody who goes on, and nobody who waits for ever. */

import { Umbel } from "@umbel/core";
import { memoryBackend, memoryBroker } from "@umbel/memory";
import { testKit } from "@umbel/testing";
import { describe, expect, it } from "vitest";

/** An application with ports of its own, whose task waits for a gate outside of any kit, and then calls another one. */
function gated() {
  const broker = memoryBroker();
  const backend = memoryBackend();
  const app = new Umbel("tasks", { broker, backend, log: () => undefined });
  const gate = Promise.withResolvers<void>();
  const reached: string[] = [];
  const other = app.task("tasks.other", () => "done");
  const waits = app.task("tasks.waits", async () => {
    reached.push("begun");
    await gate.promise;
    reached.push("opened");
    await other.delay();
    reached.push("sent");
  });
  return { app, broker, gate, reached, other, waits };
}

/** All that is ready to run has run. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}

describe("a body that outlives its kit", () => {
  it("reaches nothing of the application's own", async () => {
    const { app, broker, gate, reached, waits } = gated();
    {
      await using kit = testKit(app, { patience: 1 });
      await waits.delay();
      await kit.advance(0);
    }

    gate.resolve();
    await rest();

    expect(reached).toEqual(["begun", "opened"]);
    expect(broker.waiting).toEqual([]);
  });

  it("reaches nothing of the kit that comes after it", async () => {
    const { app, broker, gate, reached, waits } = gated();
    {
      await using kit = testKit(app, { patience: 1 });
      await waits.delay();
      await kit.advance(0);
    }
    await using kit = testKit(app);

    gate.resolve();
    await rest();

    expect(reached).toEqual(["begun", "opened"]);
    expect([kit.calls, kit.waiting, kit.lines, broker.waiting]).toEqual([[], [], [], []]);
  });

  it("reaches nothing of a kit that another application is in", async () => {
    const elsewhere = gated();
    const app = new Umbel("tasks", { log: () => undefined });
    const gate = Promise.withResolvers<void>();
    const waits = app.task("tasks.waits", async () => {
      await gate.promise;
      await elsewhere.other.delay();
    });
    await using kit = testKit(elsewhere.app);
    {
      await using first = testKit(app, { patience: 1 });
      await waits.delay();
      await first.advance(0);
    }

    gate.resolve();
    await rest();

    expect(kit.waiting).toEqual([]);
  });

  it("does not keep the next one from the application", async () => {
    const { app, other, waits } = gated();
    {
      await using kit = testKit(app, { patience: 1 });
      await waits.delay();
      await kit.advance(0);
    }
    await using kit = testKit(app);
    const result = await other.delay();

    await kit.settle();

    expect(await result.get()).toBe("done");
  });
});

describe("whoever still waits when a kit is disposed of", () => {
  const waiting: readonly [what: string, wait: (home: Home) => Promise<unknown>][] = [
    ["a result with a time-out", async ({ other }) => await (await other.delay()).get({ timeout: 5 })],
    ["a result", async ({ other }) => await (await other.delay()).get()],
    ["the clock", async ({ kit }) => await kit.clock.sleep(5)],
    ["the application's clock", async ({ app }) => await app.platform.sleep(5)],
    ["a body that never ends", async ({ kit, waits }) => [await waits.delay(), await kit.settle()]],
  ];

  it.each(waiting)("for %s is told so", async (_, wait) => {
    const home = gated();
    let told: Promise<unknown>;
    {
      await using kit = testKit(home.app, { patience: 50 });
      told = wait({ ...home, kit }).then(String, String);
      await rest();
    }

    expect(await told).toContain("The test kit has been disposed of");
  });

  it("and whoever comes afterwards, with what the kit had", async () => {
    const { app } = gated();
    const kit = testKit(app);
    const { broker, backend } = app;
    await kit[Symbol.asyncDispose]();

    await expect(backend.read(["a"])).rejects.toThrow("The test kit has been disposed of");
    await expect(broker.publish([])).rejects.toThrow("The test kit has been disposed of");
    await expect(kit.settle()).rejects.toThrow("The test kit has been disposed of");
    await expect(kit.fetch(new Request("http://127.0.0.1:8787/"))).rejects.toThrow("The test kit has been disposed of");
  });
});

interface Home extends ReturnType<typeof gated> {
  readonly kit: ReturnType<typeof testKit>;
}
