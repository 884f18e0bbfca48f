/** Acceptance examples, section 3: canvases. */

import { chain, chord, group } from "umbel";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { acceptanceOn, places } from "./acceptance-stores.ts";
import { range } from "./acceptance-tasks.ts";

describe.each(places)("canvases, on %s", (place) => {
  const acceptance = acceptanceOn(place);

  it("chain: each step gets the result of the one before", async () => {
    const { add, finish } = acceptance();

    const chained = await chain(add.s(2, 2), add.s(4), add.s(8)).delay();
    const piped = await add.s(2, 2).pipe(add.s(4)).pipe(add.s(8)).delay();
    await finish();

    expect(await chained.get()).toBe(16);
    expect(await piped.get()).toBe(16);
  });

  it("immutable chain: a handle leads back to the first step", async () => {
    const { add, finish } = acceptance();

    const result = await chain(add.si(2, 2), add.si(4, 4), add.si(8, 8)).delay();
    await finish();

    expect(await result.get()).toBe(16);
    expect(await result.parent?.get()).toBe(8);
    expect(await result.parent?.parent?.get()).toBe(4);
    expect(result.parent?.parent?.parent).toBeNull();
  });

  it("forget, parents too: the first step is forgotten with the last", async () => {
    const { app, add, finish } = acceptance();
    const result = await chain(add.s(1, 1), add.s(1)).delay();
    await finish();
    const first = app.result(result.parent?.id ?? "none");
    expect(await first.state()).toBe("SUCCESS");

    await result.forget();

    expect(await first.state()).toBe("PENDING");
    expect(await result.state()).toBe("PENDING");
  });

  it("group: the results are a list in order", async () => {
    const { add, finish } = acceptance();

    const result = await group(range(10).map((i) => add.s(i, i))).delay();
    await finish();

    expect(await result.get()).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(String(result)).toBe(`<GroupResult: ${result.id} [${result.ids.join(", ")}]>`);
    expect(result.ids).toHaveLength(10);
    expect(await result.completedCount()).toBe(10);
  });

  it("chord: the body runs once, with the list in header order", async () => {
    const { app, add, broker, finish, pushes } = acceptance();
    const lists: unknown[] = [];
    const xsum = app.task("tasks.listed", (values: readonly number[]) => {
      lists.push(values);
      return values.reduce((sum, each) => sum + each, 0);
    });

    const result = await chord(
      range(10).map((i) => add.s(i, i)),
      xsum.s(),
    ).delay();
    expect(broker.waiting).toHaveLength(10);
    await finish();

    expect(await result.get()).toBe(90);
    expect(lists).toEqual([range(10).map((i) => i + i)]);
    expect(pushes).toHaveLength(11);
  });

  it("chord, immutable body: the body gets no list", async () => {
    const { add, done, finish } = acceptance();

    const result = await chord(
      [1, 2, 3].map((c) => add.s(c, 0)),
      done.si(77),
    ).delay();
    await finish();

    expect(await result.get()).toBe(77);
  });

  it("chord, header forms: a list and a group are the same header", async () => {
    const { add, sub, xsum, finish } = acceptance();

    const list = await chord([add.s(5, 5), sub.s(25, 10)], xsum.s()).delay();
    const grouped = await chord(group([add.s(5, 5), sub.s(25, 10)]), xsum.s()).delay();
    await finish();

    expect(await list.get()).toBe(25);
    expect(await grouped.get()).toBe(25);
  });

  it("partial chain: its first step takes what the caller gives", async () => {
    const { add, mul, finish } = acceptance();

    const result = await chain(add.s(4), mul.s(8)).delay(16);
    await finish();

    expect(await result.get()).toBe(160);
  });

  it("chain in a chain: its steps join in", async () => {
    const { add, mul, finish } = acceptance();

    const result = await chain(add.s(4, 16), mul.s(2), chain(add.s(4), mul.s(8))).delay();
    await finish();

    expect(await result.get()).toBe(352);
  });

  it("upgrade: a group with something behind it is a chord", async () => {
    const { add, xsum, finish } = acceptance();

    const result = await group(range(10).map((i) => add.s(i, i)))
      .pipe(xsum.s())
      .delay();
    await finish();

    expect(await result.get()).toBe(90);
  });

  it("result to all members: each member of a group gets what the step before returned", async () => {
    const { app, finish } = acceptance();
    const user = { username: "artv", first: "Art", last: "Vandelay", email: "art@vandelay.com" };
    const User = z.object({ username: z.string(), first: z.string(), last: z.string(), email: z.string() });
    const createUser = app.task(
      { name: "tasks.create_user", kwargs: User },
      ({ username, first, last, email }: z.output<typeof User>) => ({ username, email, name: `${first} ${last}` }),
    );
    const importContacts = app.task("tasks.import", (created: { readonly name: string }) => `of ${created.name}`);
    const sendWelcome = app.task("tasks.welcome", (created: { readonly email: string }) => `to ${created.email}`);

    const canvas = createUser.s().pipe(group([importContacts.s(), sendWelcome.s()]));
    const result = await canvas.applyAsync([], { kwargs: user });
    await finish();

    expect(await result.get()).toEqual(["of Art Vandelay", "to art@vandelay.com"]);
  });

  it("nothing to the members: immutable members of a group run with their own arguments", async () => {
    const { add, finish } = acceptance();

    const result = await chain(add.s(4, 4), group(range(10).map((i) => add.si(i, i)))).delay();
    await finish();

    expect(result.ids).toHaveLength(10);
    expect(await result.get()).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(await result.parent?.get()).toBe(8);
  });

  it("ignored first step: the chain's handle still waits for its end", async () => {
    const { app, add, finish } = acceptance();
    const quiet = app.task({ name: "tasks.quiet", ignoreResult: true }, (x: number) => x);

    const result = await chain(quiet.s(3), add.s(4)).delay();
    await finish();

    expect(await result.get()).toBe(7);
  });

  it("ignored members: a group's list has undefined for them", async () => {
    const { app, add, finish } = acceptance();
    const quiet = app.task({ name: "tasks.quiet", ignoreResult: true }, (x: number) => x);

    const result = await group([quiet.s(3), add.s(2, 2)]).delay();
    await finish();

    expect(await result.get()).toEqual([undefined, 4]);
  });
});
