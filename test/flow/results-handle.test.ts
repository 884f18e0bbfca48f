/** The handle of one call: what it tells, what it throws, and that awaiting it does not wait. */

import { chain, chord, group, MaxRetriesExceededError, TaskFailure } from "umbel";
import { describe, expect, it } from "vitest";
import { acceptance } from "./acceptance-tasks.ts";

describe("a handle", () => {
  it("is no promise: to await it gives the handle, at once", async () => {
    const { add } = acceptance();
    const result = await add.delay(1, 1);

    expect(await Promise.resolve(result)).toBe(result);
    expect("then" in result).toBe(false);
    expect("then" in (await group([add.s(1, 1)]).delay())).toBe(false);
  });

  it("tells whether anything is stored, when it ended, and its value or error, without waiting", async () => {
    const { add, boom, finish, clock } = acceptance();
    const [fine, failed] = [await add.delay(1, 1), await boom.delay()];
    const told = async (result: typeof fine) => [await result.exists(), await result.dateDone(), await result.info()];
    const before = await told(fine);
    await fine.maybeThrow();

    await finish();

    expect(before).toEqual([false, undefined, undefined]);
    expect(await told(fine)).toEqual([true, new Date(clock.now()), 2]);
    expect(await fine.maybeThrow()).toBe(2);
    expect(await failed.info()).toBeInstanceOf(TaskFailure);
    await expect(failed.maybeThrow()).rejects.toThrow("Exception Error");
  });

  it("has name, arguments, worker, retries and queue in one reading where results are extended", async () => {
    const { add, finish, ports } = acceptance({ resultExtended: true });
    const result = await add.delay(1, 2);
    await finish();
    ports.calls.length = 0;

    expect(await result.meta()).toMatchObject({
      name: "tasks.add",
      args: [1, 2],
      kwargs: {},
      worker: expect.any(String),
      retries: 0,
      queue: "default",
    });
    expect(ports.calls).toEqual(["read"]);
  });

  it("lists its id and those before it, a group's members among them", async () => {
    const { add, xsum } = acceptance();
    const result = await chain(add.s(1, 1), group([add.s(1), add.s(2)]), xsum.s()).delay();

    const members = result.parent?.ids ?? [];

    expect(members).toHaveLength(2);
    expect(result.asList()).toEqual([result.id, ...members, result.parent?.parent?.id]);
  });

  it("revokes its own call only, unless it is told to revoke the canvas", async () => {
    const { add, ports, finish, ran } = acceptance();
    const alone = await chain(add.s(1, 1), add.s(1)).delay();
    const whole = await chain(add.s(1, 1), add.s(1)).delay();
    ports.calls.length = 0;

    await alone.revoke();
    await whole.revoke({ canvas: true });
    await finish();

    expect(ports.calls.filter((each) => each === "revoke")).toHaveLength(2);
    expect(await alone.parent?.state()).toBe("SUCCESS");
    expect([await alone.state(), await whole.parent?.state(), await whole.state()]).toEqual([
      "REVOKED",
      "REVOKED",
      "REVOKED",
    ]);
    expect(ran.add).toBe(1);
  });
});

describe("what get() throws", () => {
  it("is whose failure it was, when parents are followed: one reading more", async () => {
    const { add, boom, finish, ports } = acceptance();
    const result = await chain(add.si(1, 1), boom.si(), add.si(2, 2), add.si(3, 3)).delay();
    await finish();
    ports.calls.length = 0;

    const followed = await result.get({ followParents: true }).catch((error: unknown) => error);
    const plain = await result.get().catch((error: unknown) => error);

    expect(followed).toMatchObject({ message: "Exception Error", taskId: result.parent?.parent?.id });
    expect(plain).toMatchObject({ message: "Exception Error", taskId: result.id });
    expect(ports.calls).toEqual(["wait", "read", "wait"]);
  });

  it("is the named error, with what it was thrown for as its cause", async () => {
    const { div, finish } = acceptance();
    const result = await div.delay(4, 0);
    await finish();

    const error = await result.get().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(MaxRetriesExceededError);
    expect(error).toMatchObject({ cause: { excType: "RangeError", message: "division by zero" } });
  });

  it("is nothing when the call succeeded, though a member of the header before it failed", async () => {
    const { app, add, boom, finish } = acceptance();
    const count = app.task("tasks.count", (ends: readonly unknown[]) => ends.length);
    const result = await chord([add.s(1, 1), boom.s()], count.s(), { onError: "collect" }).delay();
    await finish();

    expect(await result.get({ followParents: true })).toBe(2);
  });
});
