import { decodePush } from "@umbel/protocol";
import { chord, group } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

describe("a canvas that is too much for one publish call", () => {
  it("is started by one message, and the worker sends the rest", async () => {
    const { app, broker, finish } = world();
    const double = app.task("tasks.double", (x: number) => x * 2);
    const xsum = app.task("tasks.xsum", (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0));
    const members = Array.from({ length: 250 }, (_, index) => double.s(index));

    const result = await chord(members, xsum.s()).delay();

    expect(broker.waiting.map((each) => each.taskId)).toHaveLength(1);
    await finish();
    expect(await result.get()).toBe(249 * 250);
  });

  it("starts each member once although the starting message is delivered twice", async () => {
    const { app, broker, finish } = world();
    let runs = 0;
    const count = app.task("tasks.count", (_number: number) => {
      runs += 1;
    });
    const result = await group(Array.from({ length: 150 }, (_, index) => count.s(index))).delay();
    const bodies = broker.waiting.map((each) => each.body);
    await finish();

    for (const body of bodies) {
      const message = await decodePush(body);
      await broker.publish([{ message, queue: "default", deduplicationId: "once more" }]);
    }
    await finish();

    expect(runs).toBe(150);
    expect(await result.successful()).toBe(true);
  });

  it("travels by reference when its text is long, however few its members are", async () => {
    const { app, broker, finish } = world();
    const length = app.task("tasks.length", (text: string) => text.length);
    const text = "x".repeat(40_000);

    const result = await group([length.s(text), length.s(text)]).delay();

    expect(broker.waiting).toHaveLength(1);
    await finish();
    expect(await result.get()).toEqual([40_000, 40_000]);
  });

  it("tells who waits for it when its text is gone", async () => {
    const { app, clock, drain } = world({ resultExpires: 1 });
    const length = app.task("tasks.length", (text: string) => text.length);
    const header = [length.s("x".repeat(40_000)), length.s("x".repeat(40_000))];
    const first = app.task("tasks.first", (values: readonly number[]) => values[0]);
    const result = await chord(header, first.s()).delay();

    await clock.advance(10 * 86_400);
    await drain();

    await expect(result.get()).rejects.toThrow(/stored canvas .* is gone/);
  });
});
