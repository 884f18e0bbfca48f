/** Acceptance examples, section 2: signatures. */

import { ImproperlyConfigured, InvalidMessageError, signature, Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { acceptanceOn, places } from "./acceptance-stores.ts";

describe.each(places)("signatures, on %s", (place) => {
  const acceptance = acceptanceOn(place);

  it("by name: a signature made by name prints its call and keeps its options", () => {
    const { app } = acceptance();

    const call = app.signature("tasks.add", { args: [2, 2], countdown: 10 });

    expect(String(call)).toBe("tasks.add(2, 2)");
    expect(call.wire.options).toEqual({ countdown: 10 });
  });

  it("by task: a task makes the same signature", () => {
    const { add } = acceptance();

    expect(String(add.signature([2, 2], { countdown: 10 }))).toBe("tasks.add(2, 2)");
    expect(String(add.s(2, 2))).toBe("tasks.add(2, 2)");
    expect(add.signature([2, 2], { countdown: 10 }).wire.options).toEqual({ countdown: 10 });
  });

  it("with a keyword: a named argument is printed and travels by its name", () => {
    const { add } = acceptance();

    const call = add.s(2, 2).kwargs({ debug: true });

    expect(String(call)).toBe("tasks.add(2, 2, debug=true)");
    expect(JSON.parse(JSON.stringify(call))).toMatchObject({ args: [2, 2], kwargs: { debug: true } });
  });

  it("partial is prepended: the caller's arguments come before the bound ones", async () => {
    const { add, sub, drain } = acceptance();

    const difference = await sub.s(2).delay(10);
    const sum = await add.s(2).delay(4);
    const other = await add.s(2).applyAsync([4]);
    await drain();

    expect(await difference.get()).toBe(8);
    expect(await sum.get()).toBe(6);
    expect(await other.get()).toBe(6);
  });

  it("keywords merge: the new one wins", async () => {
    const { add, debugged, drain } = acceptance();

    const result = await add
      .s(2, 2)
      .kwargs({ debug: false })
      .applyAsync([], { kwargs: { debug: true } });
    await drain();

    expect(await result.get()).toBe(4);
    expect(debugged).toEqual([true]);
  });

  it("options merge: the call's option wins over the signature's", async () => {
    const { add, broker, clock } = acceptance();

    await add.signature([2, 2], { countdown: 10 }).applyAsync([], { countdown: 1 });

    expect(broker.waiting.map((each) => each.dueAt)).toEqual([clock.now() + 1000]);
  });

  it("options merge: set gives a signature further options and leaves the first as it was", async () => {
    const { add, broker, clock } = acceptance();
    const first = add.s(2, 2);

    await first.set({ countdown: 7, queue: "slow" }).delay();
    await first.delay();

    expect(broker.waiting.map(({ dueAt, queue }) => ({ dueAt, queue }))).toEqual([
      { dueAt: clock.now() + 7000, queue: "slow" },
      { dueAt: clock.now(), queue: "default" },
    ]);
  });

  it("immutable, new arguments: they are refused before anything is sent, and by the compiler", async () => {
    const { add, broker } = acceptance();

    // @ts-expect-error -- an immutable signature takes no arguments
    await expect(add.si(2, 2).applyAsync([9, 9])).rejects.toThrow(ImproperlyConfigured);

    expect(broker.waiting).toEqual([]);
  });

  it("immutable, made with options: by a task or by name, and it keeps them", async () => {
    const { app, add, done, finish } = acceptance();

    const byTask = done.signature([77], { immutable: true, countdown: 1 });
    const byName = app.signature("tasks.done", { args: [78], immutable: true });

    expect(byTask.wire).toEqual({ ...done.si(77).wire, options: { countdown: 1 } });
    expect(byName.wire).toEqual(done.si(78).wire);
    const results = [await add.s(2, 2).pipe(byTask).delay(), await add.s(2, 2).pipe(byName).delay()];
    await finish();
    expect(await Promise.all(results.map(async (each) => await each.get()))).toEqual([77, 78]);
  });

  it.each([1, "yes", []])("immutable: %j is refused", (immutable) => {
    const { app, add } = acceptance();

    // @ts-expect-error -- a switch is true or false
    expect(() => add.signature([2, 2], { immutable })).toThrow(/^immutable is .*: give true or false$/);
    // @ts-expect-error -- a switch is true or false
    expect(() => app.signature("tasks.add", { immutable })).toThrow(ImproperlyConfigured);
  });

  it("immutable, new options: they are taken", async () => {
    const { add, clock, drain } = acceptance();

    const result = await add.si(2, 2).applyAsync([], { countdown: 1 });
    await clock.advance(1);
    await drain();

    expect(await result.get()).toBe(4);
  });

  it("over the wire: a signature as JSON is called in another process", async () => {
    const { add, stranger, drain } = acceptance();
    const text = JSON.stringify(add.s(2).set({ countdown: 0 }));

    const result = await signature(stranger, JSON.parse(text)).delay(5);
    await drain();

    expect(await result.get()).toBe(7);
  });

  it.each<unknown>([{ args: [] }, null, "tasks.add", [], 8])(
    "over the wire: %j is refused, for it is no signature",
    (data) => {
      expect(() => signature(new Umbel("reader"), data)).toThrow(InvalidMessageError);
    },
  );
});
