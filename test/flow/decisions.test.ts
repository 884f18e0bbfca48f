import { MessageTooLargeError } from "@umbel/protocol";
import { chain } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

describe("what a body decides", () => {
  it("stands although the body catches everything: ignore", async () => {
    const { app, finish } = world();
    const shy = app.task({ name: "tasks.shy", bind: true }, ({ ignore }): number => {
      try {
        return ignore();
      } catch {
        return 1;
      }
    });
    const add = app.task("tasks.add", (x: number, y: number) => x + y);

    const result = await chain(shy.s(), add.s(1)).delay();
    await finish();

    expect(await result.parent?.get()).toBeNull();
    expect(await result.state()).toBe("REVOKED");
  });

  it("stands although the body catches everything: reject", async () => {
    const { app, finish } = world();
    const picky = app.task({ name: "tasks.picky", bind: true }, (task): number => {
      try {
        return task.reject("not for me");
      } catch {
        return 1;
      }
    });

    const result = await picky.delay();
    await finish();

    await expect(result.get()).rejects.toMatchObject({ excType: "Reject", message: "not for me" });
  });

  it("is delivered once more when it is rejected with requeue", async () => {
    const { app, finish } = world();
    let runs = 0;
    const busy = app.task({ name: "tasks.busy", bind: true }, (task) => {
      runs += 1;
      return runs === 1 ? task.reject("later", { requeue: true }) : runs;
    });

    const result = await busy.delay();
    await finish();

    expect(await result.get()).toBe(2);
  });
});

describe("an end that the store will never take", () => {
  it("fails its task for that reason, and runs the body once", async () => {
    const { app, finish, ports, broker } = world();
    let runs = 0;
    const large = app.task("tasks.large", () => {
      runs += 1;
      return "too much";
    });
    ports.before("finish", () => {
      throw new MessageTooLargeError("the result has 11 MB, the store takes 10");
    });

    const result = await large.delay();
    await finish();

    await expect(result.get()).rejects.toThrow("the result has 11 MB, the store takes 10");
    expect(runs).toBe(1);
    expect(broker.deadLetters).toEqual([]);
  });
});
