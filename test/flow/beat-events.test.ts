/** What beat sends is told as any call is: `task-sent`, by the program in which beat runs. */

import { Umbel } from "umbel";
import { beat } from "umbel/beat";
import { testKit } from "umbel/testing";
import { describe, expect, it } from "vitest";
import { taskEventsIn, typesIn } from "./watched.ts";

/** Two entries, of which one comes each minute, the other each hour. */
function scheduled(settings: { readonly taskSendSentEvent: boolean }) {
  const app = new Umbel("shop", { ...settings, workerSendTaskEvents: true });
  const count = app.task("shop.count", (n: number) => n);
  const entries = { often: { task: count.s(1), schedule: "1m" }, seldom: { task: count.s(2), schedule: "1h" } };
  return { app, schedule: beat(app, entries) };
}

describe("a call that beat sends", () => {
  it("is told once, under its id, with what it is sent with and when it is due", async () => {
    const { app, schedule } = scheduled({ taskSendSentEvent: true });
    await using kit = testKit(app);
    await schedule.tick();
    await kit.advance(60);

    const { sent } = await schedule.tick();
    await schedule.tick();
    await kit.advance(60);

    const told = (await taskEventsIn(kit)).filter(({ type }) => type === "task-sent");
    expect(new Set(told.map(({ uuid }) => uuid)).size).toBe(told.length);
    const [{ id, slot } = { id: "", slot: "" }] = sent;
    expect(told.filter(({ uuid }) => uuid === id)).toEqual([
      {
        type: "task-sent",
        hostname: "shop@js",
        timestamp: expect.any(Number),
        uuid: id,
        root_id: id,
        parent_id: null,
        name: "shop.count",
        args: "(1,)",
        kwargs: "{}",
        retries: 0,
        eta: expect.stringContaining(slot.slice(0, "2026-01-01T00:01:00".length)),
        expires: null,
        queue: "default",
        exchange: "",
        routing_key: "default",
      },
    ]);
    expect((await typesIn(kit)).filter((type) => type === "sent")).toHaveLength(2);
  });

  it("is not told where that is not asked for, and runs all the same", async () => {
    const { app, schedule } = scheduled({ taskSendSentEvent: false });
    await using kit = testKit(app);

    await schedule.tick();
    await kit.advance(60);

    expect(await typesIn(kit)).toEqual(["received", "started", "succeeded"]);
  });
});
