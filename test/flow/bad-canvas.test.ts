/** What no canvas can be is refused where it is made or sent, before anything leaves, by a sentence that says what is wrong. */

import { chain, chord, group, ImproperlyConfigured, signature } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

function tasks() {
  const home = world();
  return {
    ...home,
    add: home.app.task("tasks.add", (x: number, y: number) => x + y),
    xsum: home.app.task("tasks.xsum", (values: readonly number[]) => values.length),
  };
}

type Tasks = ReturnType<typeof tasks>;

/** Hides from the compiler what it would refuse: programs are written without it, too. */
function untyped(value: unknown): never {
  const box: { readonly value: never } = Object.assign(JSON.parse("{}"), { value });
  return box.value;
}

describe("a canvas that makes no sense", () => {
  it.each<[slip: string, make: (tasks: Tasks) => unknown, sentence: string]>([
    [
      "a task in a group",
      ({ add }) => group(untyped([add])),
      "Part 1 of the group is <Task: tasks.add> itself: write .s() for a signature of it",
    ],
    ["nothing in a chain", ({ add }) => chain(add.s(1, 1), untyped(undefined)), "Part 2 of the chain is no signature"],
    [
      "a number in a header",
      ({ add, xsum }) => chord(untyped([add.s(1, 1), 5]), xsum.s()),
      "Part 2 of the chord's header is no signature",
    ],
    [
      "a header that is no list",
      ({ xsum }) => chord(untyped(5), xsum.s()),
      "A chord's header takes a list of signatures, and was given a number",
    ],
    [
      "no header",
      ({ xsum }) => chord(untyped(null), xsum.s()),
      "A chord's header takes a list of signatures, and was given null",
    ],
    [
      "a task as header",
      ({ add, xsum }) => chord(untyped(add), xsum.s()),
      "A chord's header takes a list of signatures, and was given <Task: tasks.add>, which is no list: write [...]",
    ],
    ["a group of a number", () => group(untyped(5)), "A group takes a list of signatures, and was given a number"],
    [
      "a group of one task",
      ({ add }) => group(untyped(add)),
      "Part 1 of the group is <Task: tasks.add> itself: write .s() for a signature of it",
    ],
    [
      "a group of lists",
      ({ add }) => group(untyped([add.s(1, 1)]), untyped([add.s(2, 2)])),
      "Part 1 of the group is a list: write ...list for its parts",
    ],
    [
      "a body that is a task",
      ({ add, xsum }) => chord([add.s(1, 1)], untyped(xsum)),
      "Part 1 of the chord's body is <Task: tasks.xsum> itself: write .s() for a signature of it",
    ],
    [
      "a body that is no task",
      ({ add }) => chord([add.s(1, 1)], untyped({ task: "tasks.xsum" })),
      "Part 1 of the chord's body is no signature",
    ],
    ["no body", ({ add }) => chord([add.s(1, 1)], untyped(undefined)), "Part 1 of the chord's body is no signature"],
  ])("is refused when it is made: %s", (_, make, sentence) => {
    expect(() => make(tasks())).toThrow(new ImproperlyConfigured(sentence));
  });

  it.each<[slip: string, send: (tasks: Tasks) => Promise<unknown>, sentence: RegExp]>([
    [
      "arguments for an immutable signature",
      ({ add }) => add.si(1, 1).applyAsync(untyped([2])),
      /tasks.add is an immutable signature: it takes no arguments/,
    ],
    [
      "names for an immutable signature",
      ({ add }) => add.si(1, 1).applyAsync([], { kwargs: untyped({ x: 2 }) }),
      /tasks.add is an immutable signature/,
    ],
    [
      "an empty chain as a body",
      ({ add }) => chord([add.s(1, 1)], untyped(chain(...[add.si(1, 1)].slice(1)))).delay(),
      /An empty chain cannot be sent/,
    ],
    [
      "something linked to a group",
      ({ add }) => group([add.s(1, 1)]).applyAsync([], { link: untyped(add.s(1)) }),
      /Nothing can be linked to a group/,
    ],
  ])("is refused when it is sent: %s", async (_, send, sentence) => {
    const all = tasks();

    await expect((async () => await send(all))()).rejects.toThrow(sentence);
    expect(all.broker.waiting).toEqual([]);
  });

  it("is refused when it contains itself", async () => {
    const { app, add, broker } = tasks();
    const args: unknown[] = [1];
    args.push(args);
    const canvas: Record<string, unknown> = { task: "celery.chain", subtask_type: "chain", args: [], options: {} };
    canvas["kwargs"] = { tasks: [add.s(1, 1).wire, canvas] };

    await expect(add.delay(1, untyped(args))).rejects.toThrow(/contains itself/);
    expect(() => signature(app, canvas)).toThrow(/signature.kwargs.tasks\[1\]: this value contains itself/);
    expect(broker.waiting).toEqual([]);
  });

  it("takes members from anything that can be iterated, once", async () => {
    const { add, xsum, finish } = tasks();
    const members = function* members() {
      yield add.s(1, 1);
      yield add.s(2, 2);
    };
    const both = await group(members()).delay();
    const count = await chord(members(), xsum.s()).delay();
    const set = await group(new Set([add.s(3, 3)])).delay();

    await finish();

    expect([await both.get(), await count.get(), await set.get()]).toEqual([[2, 4], 2, [6]]);
  });
});
