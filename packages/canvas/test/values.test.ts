/**
 * The values of celery-semantics.md 3.11 and acceptance.md 3, each computed by performing the calls. The number is the
 * vector's there; `≠` in a title: what Celery makes of it is another, and delivery.md 15 says why.
 */
import { chain, chord, chunks as chunked, groupOfChunks, clone, group, pipe } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import { expect, it } from "vitest";
import { fixed, task } from "./build.ts";
import { type Body, World } from "./world.ts";

const bodies: Readonly<Record<string, Body>> = {
  "tasks.add": ([x, y]) => Number(x) + Number(y),
  "tasks.mul": ([x, y]) => Number(x) * Number(y),
  "tasks.id": (args) => (args.length === 1 ? args[0] : fail(`id got ${args.length} arguments`)),
  "tasks.sum": ([list]) =>
    Array.isArray(list) ? list.reduce((total: number, each) => total + Number(each), 0) : fail("no list"),
  "tasks.args": (args, call) => [args, call.kwargs],
  "tasks.none": () => "na",
  "celery.accumulate": ([list]) => list,
  "celery.starmap": (_args, { kwargs: { it: items } }) =>
    Array.isArray(items) ? items.map(([x, y]) => Number(x) + Number(y)) : fail("nothing to map"),
};

function fail(reason: string): never {
  throw new TypeError(reason);
}

const add = (...args: readonly unknown[]) => task("add", ...args);
const addI = (...args: readonly unknown[]) => fixed("add", ...args);
const id = (...args: readonly unknown[]) => task("id", ...args);
const idI = (...args: readonly unknown[]) => fixed("id", ...args);
const [sum, args] = [task("sum"), task("args")];
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const then = (...parts: readonly Signature[]) => parts.reduce(pipe);
/** `add(i, i)` for so many, in chunks of `n`. */
const chunks = (count: number, n: number): Signature =>
  groupOfChunks(
    chunked(
      "tasks.add",
      range(count).map((i) => [i, i]),
      n,
    ),
  );
const sums = (...signatures: readonly Signature[]) => chord(signatures, sum);
const chordsOfTwo = (others: readonly Signature[], first: Signature) =>
  chain([first, ...others].map((each) => sums(each, each)));

const rows: readonly (readonly [title: string, canvas: Signature, value: unknown])[] = [
  ["1", add(2, 2), 4],
  ["3", chain([add(4, 4), add(8), add(16)]), 32],
  ["4", chain([add(3, 4)]), 7],
  ["5", chain([chain([id(42)])]), 42],
  ["6", chain([add(2, 2), group(range(4).map((i) => add(i)))]), [4, 5, 6, 7]],
  ["8", then(add(5, 6), group([pipe(add(1), add(2)), add(3)])), [14, 14]],
  ["9", group([add(1, 1), add(2, 2)]), [2, 4]],
  ["10", group([add(1, 1)]), [2]],
  ["11", group([group([addI(1, 1), addI(2, 2)]), addI(3, 3)]), [2, 4, 6]],
  ["12", group([addI(1, 10), group([addI(1, 100), group([addI(1, 1000), addI(1, 2000)])])]), [11, 101, 1001, 2001]],
  ["13", group([]), []],
  ["15", chord([add(2, 2), add(4, 4)], sum), 12],
  ["16", then(group([add(2, 2), add(4, 4)]), sum), 12],
  ["17", then(group([add(2, 5)]), args), [[[7]], {}]],
  ["18 ≠", chain([group([add(2, 5)]), args]), [[[7]], {}]],
  ["19", chord([add(2, 5)], args), [[[7]], {}]],
  ["20", chord([], args), [[[]], {}]],
  ["21", then(group([]), args), [[[]], {}]],
  ["22 ≠", chain([id(1), group([])]), []],
  ["23", chain([id(1), group([]), id()]), []],
  ["25", chord([add(1, 1), add(2, 2)], fixed("none")), "na"],
  ["26", chord([add(1, 1), add(2, 2)], then(sum, add(10))), 16],
  [
    "27",
    chord([add(1, 1), add(2, 2)], group([args, args])),
    [
      [[[2, 4]], {}],
      [[[2, 4]], {}],
    ],
  ],
  [
    "28",
    then(group([id(1), id(2)]), group([args, args])),
    [
      [[[1, 2]], {}],
      [[[1, 2]], {}],
    ],
  ],
  [
    "29",
    then(group([id(1), id(2)]), group([args, args]), args),
    [
      [
        [
          [[[1, 2]], {}],
          [[[1, 2]], {}],
        ],
      ],
      {},
    ],
  ],
  ["30", then(addI(1, 0), group([add(1), add(1)]), group([sum, sum]), sum), 8],
  ["31", then(addI(1, 0), group([add(1), add(1)]), sum, add(1), group([add(1), add(1)]), sum), 12],
  ["32", chain([sums(addI(1, 0), addI(1, 0)), sums(add(1), add(1)), sums(add(0), add(0))]), 12],
  ["33", then(chordsOfTwo([add(1), add(0)], addI(1, 0)), chordsOfTwo([add(0), add(1)], add(10))), 178],
  [
    "34",
    chain(range(9).map((i) => sums(...range(3).map(() => (i === 0 ? addI(1, 0) : add(i === 8 ? 0 : 1)))))),
    29_520,
  ],
  ["35", then(group([add(1, 1), add(1, 1)]), sum, add(1), group([add(1), add(1)])), [6, 6]],
  ["36", then(group([add(1, 1), add(1, 1)]), sum, add(1), add(1), group([add(1), add(1)])), [7, 7]],
  ["37 ≠", chain([group([id(42), id(42)])]), [42, 42]],
  ["38", chain([id(42), group([id(), id()]), id()]), [42, 42]],
  ["39", chain([id(42), group([id(), id()])]), [42, 42]],
  ["40", group([chord([idI(42)], id())]), [[42]]],
  ["41", group([idI(1), idI(2), chain([idI(5), group([idI(3), idI(4)])])]), [1, 2, [3, 4]]],
  [
    "42",
    chord(
      [idI(42), chain([idI(42), idI(42), idI(42)]), group([idI(42), idI(42), idI(42)]), chord([idI(42)], idI(1337))],
      id(),
    ),
    [42, 42, 42, 42, 42, 1337],
  ],
  ["43 ≠", chord([group([id(1), id(2)])], id()), [1, 2]],
  ["44 ≠", chord([group([id(1), id(2)]), id(3)], id()), [1, 2, 3]],
  ["45 ≠", chord([id(0), group([id(1), id(2)]), id(3)], id()), [0, 1, 2, 3]],
  ["46", chord(group([chain([id(42), group([id(), id()])])]), id()), [[42, 42]]],
  [
    "47",
    chord([chord([add(1, 2), add(3, 4)], args), chord([add(6, 7)], args)], args),
    [
      [
        [
          [[[3, 7]], {}],
          [[[13]], {}],
        ],
      ],
      {},
    ],
  ],
  [
    "48",
    chain([
      addI(1, 0),
      group([addI(1, 100), chain([addI(1, 200), group([addI(1, 1000), addI(1, 2000)])])]),
      addI(1, 10),
    ]),
    11,
  ],
  ["49", group([sums(add(1, 2), add(3, 4)), sums(add(1, 2), add(3, 4))]), [10, 10]],
  ["50", chain([idI(1), chord([idI(2), chain([idI(3), chord([idI(4), idI(5)], idI(6))])], idI(7))]), 7],
  ["51", chord([add(0, 1)], chord([sum, sum], chain([sum, group([add(8), add(16)]), then(sum, add(32))]))), 60],
  ["62", chunks(5, 2), [[0, 2], [4, 6], [8]]],
  ["63 ≠", chord([chunks(2, 1)], args), [[[[0], [2]]], {}]],
  ["69", chain([id(3), fixed("none"), args]), [["na"], {}]],
  [
    "70",
    chain([clone(task("args", 1), { kwargs: { k: 2 } }), clone(task("args", 3), { kwargs: { k: 4 } })]),
    [[[[1], { k: 2 }], 3], { k: 4 }],
  ],
  ["107 ≠", then(group([group([id(1), id(2)]), id(3)]), id()), [1, 2, 3]],
  [
    "chord",
    chord(
      range(10).map((i) => add(i, i)),
      sum,
    ),
    90,
  ],
  ["chord, header is a chain ≠", chord(chain([add(1, 1), add(2)]), id()), [4]],
  ["chain in a chain", chain([add(4, 16), task("mul", 2), chain([add(4), task("mul", 8)])]), 352],
  ["nothing to the members", chain([add(4, 4), group([addI(1, 1), addI(2, 2)])]), [2, 4]],
];

it.each(rows)("vector %s has its value", (_title, canvas, value) => {
  const world = new World((name) => bodies[name] ?? fail(name));

  const result = world.run(canvas);

  expect(world.valueOf(result)).toEqual(value);
});

it.each([
  ["a chain hands them to its first step", chain([args, task("args")]), [[[[4, 1], { z: 1 }]], {}]],
  [
    "a group hands them to every member",
    group([args, chain([args])]),
    [
      [[4, 1], { z: 1 }],
      [[4, 1], { z: 1 }],
    ],
  ],
  [
    "a chord hands them to every member",
    chord([args, group([args])], id()),
    [
      [[4, 1], { z: 1 }],
      [[4, 1], { z: 1 }],
    ],
  ],
  ["an immutable step takes none", group([fixed("args", 1)]), [[[1], {}]]],
] as const)("of arguments that a canvas is sent with, %s", (_title, canvas, value) => {
  const world = new World((name) => bodies[name] ?? fail(name));

  const result = world.run(canvas, { args: [4, 1], kwargs: { z: 1 } });

  expect(world.valueOf(result)).toEqual(value);
});
