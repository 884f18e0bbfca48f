import { chain, chord, group } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** What the compiler would have refused, but a runtime that only strips types lets through: JSON.parse's `any` plays it. */
function untyped(value: unknown): never {
  const box: { readonly value: never } = Object.assign(JSON.parse("{}"), { value });
  return box.value;
}

describe("a slip that no compiler has seen", () => {
  const { app, broker } = world();
  const add = app.task("tasks.add", (x: number, y: number) => x + y);

  it.each([
    ["a chain", () => chain(untyped(add.s(1, 2)), untyped(add)), "Part 2 of the chain is <Task: tasks.add> itself"],
    ["a group", () => group([untyped(add)]), "Part 1 of the group is <Task: tasks.add> itself"],
    ["a header", () => chord([untyped(add)], untyped(add.s())), "Part 1 of the chord's header is <Task: tasks.add>"],
    ["a body", () => chord([untyped(add.s(1, 2))], untyped(add)), "Part 1 of the chord's body is <Task: tasks.add>"],
    ["a chain of text", () => chain(untyped("tasks.add")), "Part 1 of the chain is no signature"],
    ["a task without a body", () => app.task("tasks.none", untyped(undefined)), 'The task "tasks.none" has no body'],
    [
      "a task whose options come after its name",
      () => app.task("tasks.slow", untyped({ bind: true })),
      'The task "tasks.slow" has no body: options go first, in one object: app.task({ name: "tasks.slow", bind: true }, body)',
    ],
  ])("is named: %s", (_, make, says) => {
    expect(make).toThrow(says);
  });

  it("is refused before anything is sent when an option of a call is misspelt", async () => {
    const call = add.applyAsync([1, 2], untyped({ countDown: 3 }));

    await expect(call).rejects.toThrow('There is no option "countDown" of a call; the nearest name is "countdown"');
    expect(broker.waiting).toEqual([]);
  });
});
