/** What can be asked of a signature, and that it is never changed (celery-semantics.md 3.2). */

import { chain, group } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

function tasks() {
  const home = world();
  const { app } = home;
  const told: unknown[] = [];
  return {
    ...home,
    told,
    add: app.task("tasks.add", (x: number, y: number) => x + y),
    boom: app.task("tasks.boom", (): number => {
      throw new RangeError("too far");
    }),
    tell: app.task("tasks.tell", (what: unknown) => void told.push(what)),
  };
}

describe("a signature", () => {
  it("is equal to another of the same call, whoever made it", () => {
    const { app, add } = tasks();

    expect(add.s(2, 2).equals(app.signature("tasks.add", { args: [2, 2] }))).toBe(true);
    expect(add.s(2, 2).equals(add.s(2, 3))).toBe(false);
    expect(add.s(2, 2).equals(add.si(2, 2))).toBe(false);
    expect(chain(add.s(1, 1), add.s(2)).equals(add.s(1, 1).pipe(add.s(2)))).toBe(true);
  });

  it("lists all that is linked to it", () => {
    const { add, tell } = tasks();
    const call = add.s(1, 1).link(add.s(2).link(tell.s())).onError(tell.si("failed"));

    expect(call.flattenLinks().map(String)).toEqual([
      "tasks.add(1, 1)",
      "tasks.add(2)",
      "tasks.tell()",
      'tasks.tell("failed")',
    ]);
  });

  it("tells an errback by either name, of each part of a canvas, once", async () => {
    const { add, boom, tell, told, finish } = tasks();

    await chain(boom.s(), add.s(1)).onError(tell.si("chain")).linkError(tell.si("chain")).delay();
    await group([add.s(1, 1), boom.s()])
      .onError(tell.si("group"))
      .delay();
    await finish();

    expect(told).toEqual(["chain", "group"]);
  });

  it("is changed by nothing that is made of it", () => {
    const { add, tell } = tasks();
    const call = add.s(1);
    const before = JSON.stringify(call);

    call.link(tell.s());
    call.onError(tell.si("failed"));
    call.set({ countdown: 1 });
    group([call]).skew();
    chain(add.s(1, 1), call);

    expect(JSON.stringify(call)).toBe(before);
  });
});
