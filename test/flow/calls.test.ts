import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

describe("a call", () => {
  it("is sent, run, stored and read", async () => {
    const { app, drain, lines } = world();
    const add = app.task("tasks.add", (x: number, y: number) => x + y);

    const result = await add.delay(4, 4);
    await drain();

    expect(await result.get()).toBe(8);
    expect(lines.map((line) => line.message)).toEqual(["received", expect.stringMatching(/^succeeded in [\d.]+s: 8$/)]);
    expect(lines.every((line) => line.taskName === "tasks.add" && line.taskId === result.id)).toBe(true);
  });
});
