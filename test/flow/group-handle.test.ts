import { chain, group } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { world } from "./world.ts";

function workshop() {
  const made = world();
  const { app } = made;
  return {
    ...made,
    add: app.task("tasks.add", (x: number, y: number) => x + y),
    boom: app.task("tasks.boom", (): number => {
      throw new Error("Exception Error");
    }),
  };
}

describe("a group's handle", () => {
  it("is PENDING until every member has ended, and then SUCCESS", async () => {
    const { add, finish } = workshop();
    const result = await group([add.s(1, 1), add.s(2, 2)]).delay();

    const before = [await result.state(), await result.ready()];
    await finish();

    expect(before).toEqual(["PENDING", false]);
    expect([await result.state(), await result.ready()]).toEqual(["SUCCESS", true]);
  });

  it("is PENDING while a member runs on after another has failed", async () => {
    const { add, boom, broker } = workshop();
    const result = await group([boom.s(), add.s(1, 1)]).delay();

    await broker.deliverNext();

    expect([await result.failed(), await result.state(), await result.ready()]).toEqual([true, "PENDING", false]);
  });

  it("is FAILURE when every member has ended and one of them has failed", async () => {
    const { add, boom, finish } = workshop();
    const result = await group([add.s(1, 1), boom.s()]).delay();

    await finish();

    expect(await result.state()).toBe("FAILURE");
  });

  it("is REVOKED when every member has ended and one of them was revoked", async () => {
    const { add, finish } = workshop();
    const result = await group([add.s(1, 1), add.s(2, 2)]).delay();

    await result.results[1].revoke();
    await finish();

    expect(await result.state()).toBe("REVOKED");
  });

  it("is SUCCESS when it has no members", async () => {
    const result = await group([]).delay();

    expect(await result.state()).toBe("SUCCESS");
  });

  it("gives errors in the places of members that have failed when it is not to throw them", async () => {
    const { add, boom, finish } = workshop();
    const result = await group([add.s(1, 1), boom.s()]).delay();
    await finish();

    const [sum, error] = await result.get({ propagate: false });

    expect(sum).toBe(2);
    expect(error).toHaveProperty("message", "Exception Error");
  });

  it("waits for nobody any more once it has thrown what one member threw", async () => {
    const { add, boom, broker, clock } = workshop();
    const result = await group([boom.s(), add.s(1, 1)]).delay();

    const waiting = result.get().catch(String);
    await until(() => clock.sleepers() === 1);
    await broker.deliverNext();

    expect(await waiting).toContain("Exception Error");
    await clock.advance(0);
    expect(clock.sleepers()).toBe(0);
  });

  it("can be asked like any other where it is the parent of a call", async () => {
    const { app, add, finish } = workshop();
    const sum = app.task("tasks.sum", (values: readonly number[]) => values.length);
    const { parent } = await chain(group([add.s(1, 1), add.s(2, 2)]), sum.s()).delay();

    await finish();

    expect(await parent?.state()).toBe("SUCCESS");
    expect(await parent?.ready()).toBe(true);
    expect(await parent?.get()).toEqual([2, 4]);
    expect(await parent?.settled()).toEqual([
      { state: "SUCCESS", result: 2 },
      { state: "SUCCESS", result: 4 },
    ]);
  });
});
