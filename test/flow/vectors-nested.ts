/**
 * What Celery's canvas vectors come to, rows 37 to 72: nested canvases, replacements, maps, retries in canvases.
 *
 * @module
 */

import { chain, chord, chunks, group } from "umbel";
import type { Row } from "./vectors-values.ts";

const order = "nested groups keep their order (semantics 14.3)";
const apart: readonly [number, number][] = [
  [1, 2],
  [3, 4],
];
const pairs = (count: number) => range(count).map((i): [number, number] => [i, i]);
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Rows whose end is a value, or an error of the expression itself. */
export const nested: readonly Row[] = [
  {
    number: "37",
    of: ({ id }) => chain(group([id(42), id(42)])),
    value: [42, 42],
    differs: "a lone group in a chain is that group (semantics 14.1: Celery's get() times out)",
  },
  { number: "38", of: ({ id }) => chain(id(42), group([id(), id()]), id()), value: [42, 42] },
  { number: "39", of: ({ id }) => chain(id(42), group([id(), id()])), value: [42, 42] },
  { number: "40", of: ({ id, idI }) => group([chord([idI(42)], id())]), value: [[42]] },
  {
    number: "41",
    of: ({ idI }) => group([idI(1), idI(2), chain(idI(5), group([idI(3), idI(4)]))]),
    value: [1, 2, [3, 4]],
  },
  {
    number: "42",
    of: ({ id, idI }) =>
      chord(
        [
          idI(42),
          chain(idI(42), idI(42), idI(42)),
          group([idI(42), idI(42), idI(42)]),
          chord([idI(42), idI(42), idI(42)], idI(1337)),
        ],
        id(),
      ),
    value: [42, 42, 42, 42, 42, 1337],
  },
  { number: "43", of: ({ id }) => chord([group([id(1), id(2)])], id()), value: [1, 2], differs: order },
  { number: "44", of: ({ id }) => chord([group([id(1), id(2)]), id(3)], id()), value: [1, 2, 3], differs: order },
  {
    number: "45",
    of: ({ id }) => chord([id(0), group([id(1), id(2)]), id(3)], id()),
    value: [0, 1, 2, 3],
    differs: order,
  },
  { number: "46", of: ({ id }) => chord(group([chain(id(42), group([id(), id()]))]), id()), value: [[42, 42]] },
  {
    number: "47",
    of: ({ add, args }) => chord([chord([add(1, 2), add(3, 4)], args()), chord([add(6, 7)], args())], args()),
    value: [
      [
        [
          [[[3, 7]], {}],
          [[[13]], {}],
        ],
      ],
      {},
    ],
  },
  {
    number: "48",
    of: ({ addI }) =>
      chain(addI(1, 0), group([addI(1, 100), chain(addI(1, 200), group([addI(1, 1000), addI(1, 2000)]))]), addI(1, 10)),
    value: 11,
  },
  {
    number: "49",
    of: ({ add, sum }) => {
      const both = chord([add(1, 2), add(3, 4)], sum());
      return group([both, both]);
    },
    value: [10, 10],
  },
  {
    number: "50",
    of: ({ idI }) => chain(idI(1), chord([idI(2), chain(idI(3), chord([idI(4), idI(5)], idI(6)))], idI(7))),
    value: 7,
  },
  {
    number: "51",
    of: ({ add, sum }) =>
      chord([add(0, 1)], chord([sum(), sum()], chain(sum(), group([add(8), add(16)]), sum().pipe(add(32))))),
    value: 60,
  },
  {
    number: "52",
    of: ({ addsToChord, args }) => group([addsToChord([1, 2, 3], 4)]).pipe(args()),
    value: [[[0, 5, 6, 7]], {}],
    differs: "what is added comes last, in the order of adding (semantics 14.25)",
  },
  {
    number: "53",
    of: ({ addsToChord }) => addsToChord([1], 4),
    error: /ValueError: tasks.addsToChord is not a member/,
  },
  { number: "54", of: ({ repAdd }) => repAdd(1, 2), value: 3 },
  {
    number: "55",
    of: ({ id, repAdd, add }) => chain(id(1), repAdd(2), add(3)),
    value: 6,
  },
  { number: "56", of: ({ id, repAdd }) => group([repAdd(1, 2), id(9)]), value: [3, 9] },
  { number: "57", of: ({ id, repAdd, args }) => group([repAdd(1, 2), id(9)]).pipe(args()), value: [[[3, 9]], {}] },
  {
    number: "58",
    of: ({ repGroup }) => group([repGroup([2, 1], 1), repGroup([4, 3], 1)]),
    value: [
      [3, 2],
      [5, 4],
    ],
  },
  { number: "59", of: ({ repChain }) => repChain(1), value: 12 },
  { number: "60", of: ({ id, repChain, add }) => chain(id(1), repChain(), add(100)), value: 112 },
  { number: "61", of: ({ id, repEmpty }) => chain(id(1), repEmpty()), error: /ImproperlyConfigured: A task cannot be/ },
  { number: "62", of: ({ plus }) => chunks(plus, pairs(5), 2), value: [[0, 2], [4, 6], [8]] },
  {
    number: "63",
    of: ({ plus, args }) => chain(plus.chunks(pairs(3), 2), args()),
    value: [[[[0, 2], [4]]], {}],
    differs: "chunks are one step like any other (Celery: EncodeError)",
  },
  { number: "64", of: ({ app }) => app.task("tasks.one", (x: number) => x).map([1, 2, 3]), value: [1, 2, 3] },
  { number: "65", of: ({ plus }) => plus.starmap(apart), value: [3, 7] },
  { number: "66", of: ({ plus, args }) => chain(plus.starmap(apart), args()), value: [[[3, 7]], {}] },
  { number: "67", of: ({ retry1, add }) => chain(retry1(5), add(1)), value: 6 },
  { number: "68", of: ({ retry1, id, args }) => group([retry1(5), id(1)]).pipe(args()), value: [[[5, 1]], {}] },
  { number: "69", of: ({ id, noneI, args }) => chain(id(3), noneI(), args()), value: [["na"], {}] },
  {
    number: "70",
    of: ({ app }) => {
      const args = (arg: number, k: number) => app.signature("tasks.args", { args: [arg], kwargs: { k } });
      return chain(args(1, 2), args(3, 4));
    },
    value: [[[[1], { k: 2 }], 3], { k: 4 }],
  },
  { number: "71", of: ({ id }) => chain(id(1), id(2)), error: /TypeError: .*tasks.id/ },
  {
    number: "72",
    of: ({ add, addToAll }) => {
      const canvas = group(range(4).map((i) => add(i))).pipe(addToAll(8));
      return { delay: async () => await canvas.applyIn(undefined, [4], { kwargs: { z: 1 } }) };
    },
    value: [13, 14, 15, 16],
  },
];
