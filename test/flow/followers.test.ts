import { chain, group } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

describe("a callback that could never be sent", () => {
  it("is refused at the caller when it is given with the call", async () => {
    const { app, broker } = world();
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    const members = group([add.s(1), add.s(2)]);

    const call = group([add.s(1), add.s(2)]).applyAsync([1], { link: add.si(1, 1) });

    await expect(call).rejects.toThrow(/Nothing can be linked to a group/);
    await expect(chain(add.s(1, 1), members).applyAsync([], { link: add.si(1, 1) })).rejects.toThrow(
      /linked to a group/,
    );
    expect(broker.waiting).toEqual([]);
  });

  it("fails its task, and nothing else, when a foreign sender has put it into a message", async () => {
    const { app, broker, finish, lines } = world();
    app.task("tasks.add", (x: number, y: number) => x + y);
    const empty = { task: "celery.chain", args: [], kwargs: { tasks: [] }, options: {}, immutable: false };
    const callback = { ...empty, subtask_type: "chain" } as const;
    const embed = { callbacks: [callback], errbacks: null, chain: null, chord: null };
    const message = { headers: { id: "f-1", task: "tasks.add" }, properties: {}, body: [[1, 2], {}, embed] } as const;

    await broker.publish([{ message, queue: "default", deduplicationId: "f-1" }]);
    await finish();

    await expect(app.result("f-1").get()).rejects.toThrow(/empty chain/);
    expect(lines.map((line) => line.level)).toContain("ERROR");
    expect(broker.deadLetters).toEqual([]);
  });
});
