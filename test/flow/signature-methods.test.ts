/** What can be asked of a signature, and that it is never changed (celery-semantics.md 3.2). */

import { chain, group, signature } from "umbel";
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

  it("is cloned with further arguments, names and options: the new arguments come first, the new rest wins", () => {
    const { app } = tasks();
    const call = app.signature("tasks.any", { args: [3], kwargs: { z: 3, w: 1 }, queue: "a", countdown: 1 });

    const { wire } = call.clone([1, 2], { kwargs: { z: 9 }, countdown: 2 });

    expect(wire).toMatchObject({ args: [1, 2, 3], kwargs: { z: 9, w: 1 }, options: { queue: "a", countdown: 2 } });
  });

  it("keeps its stamps when it is cloned, and has the others", () => {
    const { add } = tasks();

    const { options } = add
      .s(1)
      .set({ stamps: { st: "a" } })
      .clone({ stamps: { st: "b", more: 1 } }).wire;

    expect(options).toEqual({ st: "a", more: 1, stamped_headers: ["st", "more"] });
  });

  it("runs as cloned: a chain's first step and each member of a group with the arguments, linked to what is given", async () => {
    const { add, tell, told, finish } = tasks();

    const sum = await chain(add.s(2), add.s(10)).clone([1]).delay();
    const sums = await group([add.s(1), add.s(2)])
      .clone([5], { link: tell.s() })
      .delay()
      .catch(String);
    const linked = await add.s(2).clone([1], { link: tell.s() }).delay();
    await finish();

    expect(await sum.get()).toBe(13);
    expect(sums).toMatch(/Nothing can be linked to a group/);
    expect(await linked.get()).toBe(3);
    expect(told).toEqual([3]);
  });

  it("is not cloned with arguments when it is immutable, nor with options that there are not", () => {
    const { app, add } = tasks();

    expect(() => app.signature("tasks.any", { immutable: true }).clone([1])).toThrow(/takes no further arguments/);
    expect(add.si(1, 1).clone({ countdown: 1 }).wire).toMatchObject({ args: [1, 1], immutable: true });
    expect(() => add.s(1).clone([1], JSON.parse('{"countdwon":1}'))).toThrow(/countdwon.*countdown/);
  });

  it("is changed by nothing that is made of it", () => {
    const { add, tell } = tasks();
    const call = add.s(1);
    const before = JSON.stringify(call);

    call.link(tell.s());
    call.onError(tell.si("failed"));
    call.set({ countdown: 1 });
    call.clone([2], { countdown: 1 });
    group([call]).skew();
    chain(add.s(1, 1), call);

    expect(JSON.stringify(call)).toBe(before);
  });
});

describe("a group", () => {
  it("tells its errback of each member that fails", async () => {
    const { add, boom, tell, told, finish } = tasks();

    const result = await group(boom.s(), add.s(1, 1), boom.s()).linkError(tell.s()).delay();
    await finish();

    const [first, , last] = result.results;
    expect(told).toMatchObject([{ id: first.id }, { id: last.id }]);
  });

  it("refuses a callback by a sentence that says how to follow its list", async () => {
    const { app, add, tell } = tasks();
    const linked = signature(app, { ...group([add.s(1, 1)]).wire, options: { link: [tell.s().wire] } });

    await expect(linked.delay()).rejects.toThrow(/Nothing can be linked to a group.* write group.pipe\(callback\)/);
  });

  it("has the members that are listed, or given one by one", async () => {
    const { add, finish } = tasks();

    const result = await group(add.s(1, 1), group(add.s(2, 2)), add.s(3, 3)).delay();
    const single = await group(add.s(4, 4)).delay();
    const empty = await group().delay();
    await finish();

    expect(group(add.s(1, 1), add.s(2, 2)).equals(group([add.s(1, 1), add.s(2, 2)]))).toBe(true);
    expect(await result.get()).toEqual([2, 4, 6]);
    expect(await single.get()).toEqual([8]);
    expect(await empty.get()).toEqual([]);
  });
});
