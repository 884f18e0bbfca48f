/** What a task costs: calls of the broker and of the store. Each is billed, and each is latency at the edge. */

import { chain, chord, group } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { acceptance, range } from "./acceptance-tasks.ts";

/** How often each method was called, but for the checks of signatures, which call nobody. */
function costOf(calls: readonly string[]): Readonly<Record<string, number>> {
  const billed = calls.filter((each) => each !== "verify");
  return Object.fromEntries([...new Set(billed)].map((name) => [name, billed.filter((each) => each === name).length]));
}

describe("the budget", () => {
  it("a task without callbacks costs one publish call, one push and two calls of the store", async () => {
    const { add, drain, ports, pushes } = acceptance();

    await add.delay(1, 2);
    await drain();

    expect(costOf(ports.calls)).toEqual({ publish: 1, claim: 1, finish: 1 });
    expect(pushes).toHaveLength(1);
  });

  it("a group of a hundred costs one publish call", async () => {
    const { add, ports, broker } = acceptance();

    await group(range(100).map((i) => add.s(i, i))).delay();

    expect(costOf(ports.calls)).toEqual({ publish: 1 });
    expect(broker.waiting).toHaveLength(100);
  });

  it("a step of a chain costs one publish call more", async () => {
    const { add, finish, ports, pushes } = acceptance();

    await chain(add.s(1, 1), add.s(1), add.s(1)).delay();
    await finish();

    expect(costOf(ports.calls)).toEqual({ publish: 3, claim: 3, finish: 3 });
    expect(pushes).toHaveLength(3);
  });

  it("a member of a chord costs one join, and the body one publish call", async () => {
    const { add, xsum, finish, ports } = acceptance();

    await chord(
      range(10).map((i) => add.s(i, i)),
      xsum.s(),
    ).delay();
    await finish();

    expect(costOf(ports.calls)).toEqual({ publish: 2, claim: 11, finish: 11, join: 10 });
  });

  it("callbacks of a task cost one publish call together", async () => {
    const { add, log, finish, ports } = acceptance();

    await add.applyAsync([1, 2], { link: [log.s("a"), log.s("b"), log.s("c")] });
    await finish();

    expect(costOf(ports.calls)).toEqual({ publish: 2, claim: 4, finish: 4 });
  });

  it("a failure in a chain costs one call of the store for all that never runs", async () => {
    const { add, boom, finish, ports } = acceptance();

    await chain(boom.s(), add.s(1), add.s(1), add.s(1)).delay();
    await finish();

    expect(costOf(ports.calls)).toEqual({ publish: 1, claim: 1, finish: 1, settle: 1 });
  });

  it("a retry costs what a task does, and a publish call in the worker", async () => {
    const { div, finish, ports } = acceptance();

    await div.delay(1, 0);
    await finish();

    expect(costOf(ports.calls)).toEqual({ publish: 2, claim: 2, finish: 2 });
  });

  it("a duplicate push costs one call of the store", async () => {
    const { add, drain, redeliver, ports } = acceptance();
    await add.delay(1, 2);
    await drain();
    ports.calls.length = 0;

    await redeliver(0);

    expect(costOf(ports.calls)).toEqual({ claim: 1 });
  });

  it("waiting for a result costs one call, however long it takes", async () => {
    const { slow, drain, ports, clock, ran } = acceptance();
    const result = await slow.delay(20);
    ports.calls.length = 0;

    const waiting = result.get();
    const drained = drain();
    await until(() => ran.slow === 1);
    await clock.advance(20);
    await Promise.all([waiting, drained]);

    expect(costOf(ports.calls)).toEqual({ wait: 1, claim: 1, finish: 1 });
  });

  it("a group's state costs one call, whatever its size", async () => {
    const { add, ports } = acceptance();
    const result = await group(range(50).map((i) => add.s(i, i))).delay();
    ports.calls.length = 0;

    await result.ready();

    expect(costOf(ports.calls)).toEqual({ read: 1 });
  });

  it("nothing is asked while nothing happens", async () => {
    const { add, drain, ports, clock } = acceptance();
    await add.delay(1, 2);
    await drain();
    ports.calls.length = 0;

    await clock.advance(86_400);

    expect(ports.calls).toEqual([]);
    expect(clock.sleepers()).toBe(0);
  });
});
