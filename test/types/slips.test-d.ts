import { chain, xmap } from "umbel";
import { describe, it } from "vitest";
import { add } from "./tasks.ts";

describe("a slip", () => {
  it("is where the step is that is no signature", () => {
    chain(
      add.s(1, 1),
      // @ts-expect-error: a task is no signature
      add,
      add.s(1),
    );
    chain(
      add.s(1, 1),
      // @ts-expect-error: a promise is no signature
      Promise.resolve(add.s(1)),
    );
    // @ts-expect-error: a list is no signature
    chain([add.s(1, 1), add.s(1)]);
    // @ts-expect-error: a text is no signature
    chain("tasks.add");
  });

  it("is a map of a task that takes two arguments", () => {
    // @ts-expect-error: it takes two
    add.map([1, 2]);
    // @ts-expect-error: it takes two
    xmap(add, [1, 2]);
  });
});
