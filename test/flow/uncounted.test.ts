/**
 * An application without a backend has nobody who counts the members of a group: what would follow all of them is refused
 * before any of them runs, also where a running task makes the group.
 */

import { chain, chord, chunks, group } from "umbel";
import { describe, expect, it } from "vitest";
import { backendless } from "./backendless.ts";

const refusal = {
  code: "NOT_SUPPORTED",
  message:
    "A chord, or a group that something follows, needs a backend, and the application " +
    '"tasks" has none: new Umbel("tasks", { backend: upstash() })',
};

function tasks() {
  const home = backendless();
  const { app, ran } = home;
  const note = app.task("tasks.note", (value: unknown) => {
    ran.push(value);
    return value;
  });
  const told = app.task("tasks.told", (failure: { readonly excType: string }) => void ran.push(failure.excType));
  const boom = app.task("tasks.boom", (): number => {
    throw new RangeError("too far");
  });
  const made = {
    "a group": () => group([note.s(5), note.s(6)]),
    "a chord": () => chord([note.s(5)], note.s()),
    "a chain that ends in a group": () => chain(note.s(1), group([note.s(), note.s()])),
    "a group that is piped": () => group([note.s(5)]).pipe(note.s()),
    "a group with a task that fails": () => group([boom.s(), note.s(6)]),
  };
  type Made = keyof typeof made;
  const stand = app.task({ name: "tasks.stand", bind: true }, (task, kind: Made): unknown =>
    task.replace(made[kind]()),
  );
  return { ...home, note, told, stand, errors: () => home.lines.filter(({ level }) => level === "CRITICAL") };
}

describe("without a backend", () => {
  it.each([["a chord"], ["a group that is piped"]] as const)(
    "a task that is replaced by %s fails before any of it is sent, and its errbacks are told",
    async (kind) => {
      const { stand, told, ran, drain } = tasks();

      await stand.s(kind).linkError(told.s()).delay();
      await drain();

      expect(ran).toEqual(["NotSupportedError"]);
    },
  );

  it.each([["a group"], ["a chain that ends in a group"]] as const)(
    "one that something follows fails when %s would replace it, and its errbacks are told",
    async (kind) => {
      const { stand, note, told, ran, drain } = tasks();
      const followed = [
        chain(stand.s(kind), note.s()).onError(told.s()),
        stand.s(kind).link(note.s()).linkError(told.s()),
        stand.s(kind).link(chain(note.s(), note.s())).linkError(told.s()),
      ];

      for (const each of followed) await each.delay();
      await drain();

      expect(ran).toEqual(followed.map(() => "NotSupportedError"));
    },
  );

  it("one that nothing follows is replaced by a group, whose members' failures are told its errbacks", async () => {
    const { stand, told, ran, drain, errors } = tasks();

    await stand.delay("a group");
    await stand.delay("a chain that ends in a group");
    await stand.s("a group with a task that fails").linkError(told.s()).delay();
    await drain();

    expect(
      ran
        .map(String)
        .toSorted((one, other) => one.localeCompare(other))
        .join(" "),
    ).toBe("1 1 1 5 6 6 RangeError");
    expect(errors()).toEqual([]);
  });

  it("chunks that something follows are refused before anything is sent, in whatever depth", async () => {
    const { app, note, broker } = tasks();
    const chunked = note.chunks([[1], [2], [3]], 2);
    const list = app.task("tasks.list", (values: readonly unknown[][]) => values.length);
    const canvases = [
      chunked.pipe(list.s()),
      chain(note.si(0), chunked, list.s()),
      chunked.link(list.s()),
      group([note.s(0), chain(chunked, list.s())]),
      note.s(0).link(chunked.link(list.s())),
      chain(note.s(0), chain(note.s(), chunked), list.s()),
      chunks(note, [[1], [2]], 1).pipe(list.s()),
    ];

    for (const canvas of canvases) await expect(canvas.delay()).rejects.toMatchObject(refusal);

    expect(broker.waiting).toEqual([]);
  });

  it("chunks that nothing follows run, also as the end of a chain and as members of a group", async () => {
    const { note, told, ran, drain, errors } = tasks();
    const chunked = note.chunks([[1], [2], [3]], 2);

    await chunked.delay();
    await chain(note.si(0), chunked.linkError(told.s())).delay();
    await group([chunked, note.si(0)]).delay();
    await drain();

    expect(
      ran
        .map(String)
        .toSorted((one, other) => one.localeCompare(other))
        .join(""),
    ).toBe("00111222333");
    expect(errors()).toEqual([]);
  });
});
