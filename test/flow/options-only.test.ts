import { chain } from "umbel";
import { expect, it } from "vitest";
import { world } from "./world.ts";

it("a task and a signature that take nothing are sent with options only", async () => {
  const { app, clock, finish } = world();
  const ping = app.task("tasks.ping", () => "pong");
  const add = app.task("tasks.add", (x: number, y: number) => x + y);
  const start = clock.now();

  const ponged = await ping.applyAsync({ countdown: 3 });
  const added = await chain(add.s(2, 2), add.s(4)).applyAsync({ countdown: 5 });
  await finish();

  expect([await ponged.get(), await added.get()]).toEqual(["pong", 8]);
  expect(clock.now() - start).toBe(5000);
});
