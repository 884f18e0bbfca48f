/** Handles taken together: ResultSet, and the group's handle, which is one. */

import { BackendUnavailable, chain, chord, group, resultFromTuple, type ResultHandle, ResultSet } from "umbel";
import { describe, expect, it } from "vitest";
import { listOf } from "../list-of.ts";
import { acceptance, range } from "./acceptance-tasks.ts";

describe("a set of results", () => {
  it("is changed by add, update, remove, discard and clear, each member once", async () => {
    const { add } = acceptance();
    const [a, b, c] = await Promise.all([add.delay(1, 1), add.delay(2, 2), add.delay(3, 3)]);
    const set = new ResultSet([a]);

    set.add(a);
    set.update([b, c, b]);
    set.remove(b);
    set.discard(b.id);

    expect(set.ids).toEqual([a.id, c.id]);
    expect(() => set.remove(b.id)).toThrow(`${b.id} is not in the set`);
    expect(String(set)).toBe(`<ResultSet: [${a.id}, ${c.id}]>`);
    set.clear();
    expect(set.length).toBe(0);
  });

  it("gives values in order, whatever its members are: calls, groups, the empty group", async () => {
    const { add, finish } = acceptance();
    const set = new ResultSet([
      await add.delay(1, 1),
      await group([add.s(2, 2), add.s(3, 3)]).delay(),
      await group([]).delay(),
      await chain(add.s(1, 1), add.s(1)).delay(),
    ]);

    const waiting = set.get();
    await finish();

    expect(await waiting).toEqual([2, [4, 6], [], 3]);
    expect(await set.join()).toEqual([2, [4, 6], [], 3]);
    expect(await new ResultSet([]).get()).toEqual([]);
  });

  it("tells how its members stand, in one reading", async () => {
    const { add, boom, broker, finish, ports } = acceptance();
    const set = new ResultSet([await add.delay(1, 1), await boom.delay(), await add.delay(2, 2)]);
    const standing = async () => ({
      ready: await set.ready(),
      waiting: await set.waiting(),
      successful: await set.successful(),
      failed: await set.failed(),
      count: await set.completedCount(),
    });

    const before = await standing();
    await broker.deliverNext();
    await broker.deliverNext();
    const between = await standing();
    await finish();
    ports.calls.length = 0;
    const after = await standing();

    expect(before).toEqual({ ready: false, waiting: true, successful: false, failed: false, count: 0 });
    expect(between).toEqual({ ready: false, waiting: true, successful: false, failed: true, count: 1 });
    expect(after).toEqual({ ready: true, waiting: false, successful: false, failed: true, count: 2 });
    expect(ports.calls).toEqual(["read", "read", "read", "read", "read"]);
  });

  it("throws a member's error as soon as it has failed, though others have not ended", async () => {
    const { add, boom, broker } = acceptance();
    const result = await group([add.s(1, 1), boom.s(), add.s(2, 2)]).delay();
    const waiting = result.get().catch(String);

    await broker.deliverNext();
    await broker.deliverNext();

    expect(await waiting).toContain("Exception Error");
    await expect(result.maybeThrow()).rejects.toThrow("Exception Error");
  });

  it("throws nothing that has not happened", async () => {
    const { add, finish } = acceptance();
    const result = await group([add.s(1, 1)]).delay();

    await result.maybeThrow();
    await finish();

    await expect(result.maybeThrow()).resolves.toBeUndefined();
  });

  it("hands out members as they end", async () => {
    const { add, finish } = acceptance();
    const result = await group([add.signature([10, 10], { countdown: 20 }), add.s(1, 1), add.s(2, 2)]).delay();

    const reading = listOf(result.iterate());
    await finish();

    expect(await reading).toEqual([
      [1, 2],
      [2, 4],
      [0, 20],
    ]);
  });

  it("is waited for no more when the loop over it is left", async () => {
    const { add, broker, clock } = acceptance();
    const result = await group([add.s(1, 1), add.s(2, 2)]).delay();
    await broker.deliverNext();

    for await (const [index] of result.iterate()) if (index === 0) break;

    expect(clock.sleepers()).toBe(0);
  });

  it("throws what the store throws when it is away, and leaves no timer", async () => {
    const { add, clock, ports } = acceptance();
    const result = await group([add.s(1, 1), add.s(2, 2)]).delay();
    ports.before("read", () => {
      throw new BackendUnavailable("away");
    });

    await expect(result.get()).rejects.toThrow(BackendUnavailable);
    expect(clock.sleepers()).toBe(0);
  });

  it("hands out a nested group once all of it has ended", async () => {
    const { add, finish } = acceptance();
    const nested = await group([add.s(1, 1), add.s(2, 2)]).delay();
    const set = new ResultSet([nested, await add.delay(3, 3)]);
    await finish();

    const ended = await listOf(set.iterate());

    expect(new Map(ended)).toEqual(
      new Map<number, unknown>([
        [0, [2, 4]],
        [1, 6],
      ]),
    );
  });

  it("calls back for each member with its id and value", async () => {
    const { add, boom, finish } = acceptance();
    const result = await group([add.s(1, 1), boom.s()]).delay();
    const told: [string, unknown][] = [];
    const ends: string[] = [];
    await finish();

    await result.get({
      propagate: false,
      callback: (id, value) => void told.push([id, value]),
      onMessage: ({ status }) => void ends.push(status),
    });

    expect(told).toEqual([
      [result.ids[0], 2],
      [result.ids[1], expect.objectContaining({ message: "Exception Error" })],
    ]);
    expect(ends.toSorted()).toEqual(["FAILURE", "SUCCESS"]);
  });

  it("does not wait for a member whose result nobody keeps", async () => {
    const { app, add, finish } = acceptance();
    const quiet = app.task({ name: "tasks.quiet", ignoreResult: true }, (x: number) => x);
    const result = await group([quiet.s(1), add.s(1, 1)]).delay();
    await finish();

    expect(await result.get()).toEqual([undefined, 2]);
    expect([await result.ready(), await result.completedCount()]).toEqual([true, 2]);
  });

  it("names the first member that is late, and how many seconds it was waited for", async () => {
    const { add, broker, clock } = acceptance();
    const result = await group([add.s(1, 1), add.s(2, 2), add.s(3, 3)]).delay();
    await broker.deliverNext();

    const waiting = result.get({ timeout: 5 }).catch(String);
    await clock.advance(5);

    expect(await waiting).toMatch(
      `TimeoutError: The operation timed out. tasks.add[${result.ids[1]}] is still PENDING after 5 s`,
    );
  });

  it("ends with the caller's signal, and says its reason", async () => {
    const { add, clock } = acceptance();
    const result = await group([add.s(1, 1), add.s(2, 2)]).delay();
    const leaving = new AbortController();

    const waiting = result.get({ signal: leaving.signal });
    leaving.abort(new Error("enough"));

    await expect(waiting).rejects.toThrow("enough");
    expect(clock.sleepers()).toBe(0);
    await expect(result.get({ signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow("too late");
  });

  it("revokes and forgets its members, each by one call", async () => {
    const { add, finish, ports } = acceptance();
    const set = new ResultSet(await Promise.all(range(3).map(async (i) => await add.delay(i, i))));
    ports.calls.length = 0;

    await set.revoke();
    await finish();
    const states = await set.state();
    await set.forget();

    expect(states).toBe("REVOKED");
    expect(await set.state()).toBe("PENDING");
    expect(ports.calls.filter((each) => each === "revoke" || each === "forget")).toEqual(["revoke", "forget"]);
  });

  it("has the results of two applications, each from its own store", async () => {
    const [one, other] = [acceptance(), acceptance()];
    const set = new ResultSet([await one.add.delay(1, 1), await other.add.delay(2, 2)]);
    await one.finish();
    await other.finish();

    expect(await set.get()).toEqual([2, 4]);
  });
});

describe("a chord's handle", () => {
  it("tells its end, and by its parent those of the header's members", async () => {
    const { add, boom, xsum, finish } = acceptance();
    const result = await chord([add.s(1, 1), boom.s()], xsum.s()).delay();
    await finish();

    expect(await result.settled()).toMatchObject({ state: "FAILURE", error: { code: "CHORD_FAILED" } });
    expect(await result.parent?.settled()).toMatchObject([
      { state: "SUCCESS", result: 2 },
      { state: "FAILURE", error: { message: "Exception Error" } },
    ]);
  });

  it("throws the member's own error when parents are followed, and has it as the cause when not", async () => {
    const { add, boom, xsum, finish } = acceptance();
    const result = await chord([add.s(1, 1), boom.s(), boom.s()], xsum.s()).delay();
    await finish();

    await expect(result.get({ followParents: true })).rejects.toMatchObject({
      code: "TASK_FAILED",
      message: "Exception Error",
      taskId: result.parent?.ids[1],
    });
    await expect(result.get()).rejects.toMatchObject({ code: "CHORD_FAILED", cause: { message: "Exception Error" } });
  });

  it("forgets the whole canvas in one call: body, members, the steps before them, the group that was kept", async () => {
    const { app, add, xsum, finish, backend, ports } = acceptance();
    const result = await chord([chain(add.s(1, 1), add.s(1)), add.s(2, 2)], xsum.s()).delay();
    const header: ResultHandle = resultFromTuple(app, result.parent?.asTuple());
    await backend.saveGroup({ id: header.id, tuple: header.asTuple() });
    await finish();
    const all = [result, ...(header.results ?? []), header.results?.[0]?.parent].map((each) => String(each?.id));
    const before = await backend.read(all);
    ports.calls.length = 0;

    await result.forget();

    expect(before.map((each) => each?.status)).toEqual(["SUCCESS", "SUCCESS", "SUCCESS", "SUCCESS"]);
    expect(await backend.read(all)).toEqual([undefined, undefined, undefined, undefined]);
    expect(await backend.group(header.id)).toBeUndefined();
    expect(ports.calls.filter((each) => each === "forget")).toHaveLength(1);
  });

  it("revokes only its own call, or all of the canvas when told so", async () => {
    const { add, xsum, finish, ports, ran } = acceptance();
    const result = await chord([add.s(1, 1), add.s(2, 2)], xsum.s()).delay();
    ports.calls.length = 0;

    await result.revoke({ canvas: true });
    await finish();

    expect(ran.add).toBe(0);
    expect(ports.calls.filter((each) => each === "revoke")).toHaveLength(1);
    expect(await result.settled()).toMatchObject({ state: "FAILURE" });
    expect(await result.parent?.state()).toBe("REVOKED");
  });
});
