/** Canvas at run time: tasks over many items, tasks that are replaced, chords that grow. */

import {
  type AsyncResult,
  chain,
  chord,
  chunks,
  group,
  type GroupResult,
  type ImmutableSignature,
  xmap,
  xstarmap,
} from "umbel";
import { describe, expectTypeOf, it } from "vitest";
import { add, app, clear, log, measure, negate, ping, shout, sum } from "./tasks.ts";

const pairs: readonly [number, number][] = [
  [1, 2],
  [3, 4],
];

describe("a task over many items", () => {
  it("returns the list of its results", () => {
    expectTypeOf(negate.map([1, 2])).toEqualTypeOf<ImmutableSignature<number[]>>();
    expectTypeOf(add.starmap(pairs)).toEqualTypeOf<ImmutableSignature<number[]>>();
    expectTypeOf(clear.starmap([[]])).toEqualTypeOf<ImmutableSignature<null[]>>();
    expectTypeOf(add.chunks(pairs, 2)).toEqualTypeOf<ImmutableSignature<number[][]>>();
    expectTypeOf(xmap(negate, new Set([1]))).toEqualTypeOf<ImmutableSignature<number[]>>();
    expectTypeOf(xstarmap(add, pairs).delay()).resolves.toEqualTypeOf<AsyncResult<number[]>>();
  });

  it("takes what the task takes", () => {
    expectTypeOf(measure.map([1, 2])).toEqualTypeOf<ImmutableSignature<string[]>>();
    expectTypeOf(measure.starmap([[1], [2, "km"]])).toEqualTypeOf<ImmutableSignature<string[]>>();
    expectTypeOf(log.map([1])).toEqualTypeOf<ImmutableSignature<null[]>>();
    expectTypeOf(sum.map([[1, 2], [3]])).toEqualTypeOf<ImmutableSignature<number[]>>();
  });

  it("is a step like any other", () => {
    expectTypeOf(chain(add.starmap(pairs), sum.s()).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(chord([negate.map([1]), add.chunks(pairs, 1)], ping.si()).delay()).resolves.toEqualTypeOf<
      AsyncResult<string>
    >();
  });

  it("may be a group of chunks", () => {
    expectTypeOf(chunks(add, pairs, 2).delay()).resolves.toEqualTypeOf<GroupResult<number[][]>>();
  });

  it("takes nothing else", () => {
    // @ts-expect-error: two arguments are no item
    add.map([1, 2]);
    // @ts-expect-error: it takes none
    ping.map([1]);
    // @ts-expect-error: a number is no text
    shout.map([1]);
    // @ts-expect-error: one is missing
    add.starmap([[1]]);
    // @ts-expect-error: no lists
    add.starmap([1, 2]);
    // @ts-expect-error: how many in a chunk
    add.chunks(pairs);
    // @ts-expect-error: a list is no text
    chain(add.starmap(pairs), shout.s());
    // @ts-expect-error: no list
    negate.map(5);
  });
});

describe("a task that is replaced", () => {
  it("returns what its replacement returns", () => {
    const by = app.task({ name: "types.by", bind: true }, (task, x: number) => task.replace(add.s(x, 1)));
    const maybe = app.task({ name: "types.maybe", bind: true }, (task, x: number) =>
      x > 1 ? task.replace(chain(add.s(x, 1), measure.s())) : x,
    );
    const many = app.task({ name: "types.many", bind: true }, (task, x: number) =>
      task.replace(group([add.s(x, 1), shout.s("a")])),
    );

    expectTypeOf(by.delay(1)).resolves.toEqualTypeOf<AsyncResult<number>>();
    expectTypeOf(maybe.delay(1)).resolves.toEqualTypeOf<AsyncResult<number | string>>();
    expectTypeOf(many.delay(1)).resolves.toEqualTypeOf<AsyncResult<[number, string]>>();
  });

  it("is held to the type that its body says", () => {
    app.task({ name: "types.held", bind: true }, (task): string => task.replace(shout.s("a")));
    // @ts-expect-error: the replacement returns a number
    app.task({ name: "types.broken", bind: true }, (task): string => task.replace(add.s(1, 1)));
  });

  it("is not replaced by what is not complete, or no signature", () => {
    app.task({ name: "types.partial", bind: true }, (task) => {
      // @ts-expect-error: a number is missing
      task.replace(add.s(1));
      // @ts-expect-error: a task is no signature
      task.replace(ping);
    });
  });
});

describe("a member that is added to a chord", () => {
  it("has the handle of its signature", () => {
    app.task({ name: "types.owner", bind: true }, async (task) => {
      expectTypeOf(await task.addToChord(add.s(1, 1))).toEqualTypeOf<AsyncResult<number>>();
    });
  });

  it("is a complete signature", () => {
    app.task({ name: "types.incomplete", bind: true }, async (task) => {
      // @ts-expect-error: a number is missing
      await task.addToChord(add.s(1));
      // @ts-expect-error: a task is no signature
      await task.addToChord(add);
    });
  });
});

describe("a group that is skewed", () => {
  it("stays the group that it was", () => {
    const members = group([add.s(1), negate.s()]);

    expectTypeOf(members.skew(1, "10s", 2)).toEqualTypeOf<typeof members>();
  });

  it("is a group", () => {
    // @ts-expect-error: a call has no members
    add.s(1, 1).skew();
    // @ts-expect-error: what follows a group is no group any more
    chain(group([add.s(1, 1)]), sum.s()).skew();
    // @ts-expect-error: no time
    group([add.s(1, 1)]).skew(new Date());
  });

  it("may have members that are given one by one", () => {
    const members = new Set([add.s(1, 1)]);

    expectTypeOf(group(members).delay()).resolves.toEqualTypeOf<GroupResult<number[]>>();
    expectTypeOf(chord(members, sum.s()).delay()).resolves.toEqualTypeOf<AsyncResult<number>>();
    // @ts-expect-error: not numbers
    chord(new Set([shout.s("a")]), sum.s());
  });
});
