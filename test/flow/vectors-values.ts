/**
 * What Celery's canvas vectors come to, rows 1 to 36 (celery-semantics.md 3.11): expression, and value or error.
 *
 * @module
 */

import { chain, chord, group, type ResultHandle } from "umbel";
import type { Sendable, Vectors } from "./vectors-tasks.ts";

/** A row of the table. */
export interface Row {
  readonly number: string;
  /** The expression; what it throws is thrown before anything is sent. */
  readonly of: (tasks: Vectors) => Sendable | Promise<Sendable>;
  readonly value?: unknown;
  /** Class and message of what `get()`, or sending, throws. */
  readonly error?: RegExp;
  /** Why the answer is not Celery's, where it is not. */
  readonly differs?: string;
  /** Waits for its end, where that is not simply waited for. */
  readonly get?: (tasks: Vectors, handle: ResultHandle) => Promise<unknown>;
  /** What else holds. */
  readonly also?: (tasks: Vectors, handle: ResultHandle) => Promise<void>;
}

const list = "a group is a list, even of one (delivery.md 15, semantics 14.4)";
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Rows whose end is a value, or an error of the expression itself. */
export const values: readonly Row[] = [
  { number: "1", of: ({ add }) => add(2, 2), value: 4 },
  { number: "2", of: ({ add }) => add(2).pipe(add(4)), error: /TypeError: .*tasks.add/ },
  { number: "3", of: ({ add }) => chain(add(4, 4), add(8), add(16)), value: 32 },
  { number: "4", of: ({ add }) => chain(add(3, 4)), value: 7 },
  { number: "5", of: ({ id }) => chain(chain(id(42))), value: 42 },
  { number: "6", of: ({ add }) => chain(add(2, 2), group(range(4).map((i) => add(i)))), value: [4, 5, 6, 7] },
  {
    number: "7",
    of: ({ add, repAdd }) =>
      add(2, 2)
        .pipe(add(4).pipe(repAdd(8)).pipe(add(16)).pipe(add(32)))
        .pipe(group(range(4).map((i) => add(i)))),
    value: [64, 65, 66, 67],
  },
  { number: "8", of: ({ add }) => add(5, 6).pipe(group([add(1).pipe(add(2)), add(3)])), value: [14, 14] },
  { number: "9", of: ({ add }) => group([add(1, 1), add(2, 2)]), value: [2, 4] },
  { number: "10", of: ({ add }) => group([add(1, 1)]), value: [2] },
  { number: "11", of: ({ addI }) => group([group([addI(1, 1), addI(2, 2)]), addI(3, 3)]), value: [2, 4, 6] },
  {
    number: "12",
    of: ({ addI }) => group([addI(1, 10), group([addI(1, 100), group([addI(1, 1000), addI(1, 2000)])])]),
    value: [11, 101, 1001, 2001],
  },
  { number: "13", of: () => group([]), value: [] },
  {
    number: "14",
    of: ({ id }) => chain(...[id(1)].slice(1)),
    error: /ImproperlyConfigured: An empty chain cannot be sent/,
    differs: "what cannot be waited for is refused: Celery returns none",
  },
  { number: "15", of: ({ add, sum }) => chord([add(2, 2), add(4, 4)], sum()), value: 12 },
  { number: "16", of: ({ add, sum }) => group([add(2, 2), add(4, 4)]).pipe(sum()), value: 12 },
  { number: "17", of: ({ add, args }) => group([add(2, 5)]).pipe(args()), value: [[[7]], {}] },
  { number: "18", of: ({ add, args }) => chain(group([add(2, 5)]), args()), value: [[[7]], {}], differs: list },
  { number: "19", of: ({ add, args }) => chord([add(2, 5)], args()), value: [[[7]], {}] },
  { number: "20", of: ({ args }) => chord([], args()), value: [[[]], {}] },
  { number: "21", of: ({ args }) => group([]).pipe(args()), value: [[[]], {}] },
  {
    number: "22",
    of: ({ id }) => chain(id(1), group([])),
    value: [],
    differs: "an empty group is [] everywhere (delivery.md 15, semantics 14.26)",
  },
  { number: "23", of: ({ id }) => chain(id(1), group([]), id()), value: [] },
  { number: "24", of: ({ id }) => chain(group([]), id(7)), error: /TypeError: .*tasks.id/ },
  { number: "25", of: ({ add, noneI }) => chord([add(1, 1), add(2, 2)], noneI()), value: "na" },
  { number: "26", of: ({ add, sum }) => chord([add(1, 1), add(2, 2)], sum().pipe(add(10))), value: 16 },
  {
    number: "27",
    of: ({ add, args }) => chord([add(1, 1), add(2, 2)], group([args(), args()])),
    value: [
      [[[2, 4]], {}],
      [[[2, 4]], {}],
    ],
  },
  {
    number: "28",
    of: ({ id, args }) => group([id(1), id(2)]).pipe(group([args(), args()])),
    value: [
      [[[1, 2]], {}],
      [[[1, 2]], {}],
    ],
  },
  {
    number: "29",
    of: ({ id, args }) =>
      group([id(1), id(2)])
        .pipe(group([args(), args()]))
        .pipe(args()),
    value: [
      [
        [
          [[[1, 2]], {}],
          [[[1, 2]], {}],
        ],
      ],
      {},
    ],
  },
  {
    number: "30",
    of: ({ add, addI, sum }) =>
      addI(1, 0)
        .pipe(group([add(1), add(1)]))
        .pipe(group([sum(), sum()]))
        .pipe(sum()),
    value: 8,
  },
  {
    number: "31",
    of: ({ add, addI, sum }) =>
      addI(1, 0)
        .pipe(group([add(1), add(1)]))
        .pipe(sum())
        .pipe(add(1))
        .pipe(group([add(1), add(1)]))
        .pipe(sum()),
    value: 12,
  },
  { number: "32", of: (tasks) => threeChords(tasks), value: 12 },
  {
    number: "33",
    of: (tasks) => threeChords(tasks).pipe(chain(twice(tasks, 10), twice(tasks, 0), twice(tasks, 1))),
    value: 178,
  },
  {
    number: "34",
    of: (tasks) => {
      const { add, addI, sum } = tasks;
      const three = (member: ReturnType<typeof add>) => chord([member, member, member], sum());
      return chain(three(addI(1, 0)), ...range(7).map(() => three(add(1))), three(add(0)));
    },
    value: 29_520,
  },
  {
    number: "35",
    of: ({ add, sum }) =>
      group([add(1, 1), add(1, 1)])
        .pipe(sum())
        .pipe(add(1))
        .pipe(group([add(1), add(1)])),
    value: [6, 6],
  },
  {
    number: "36",
    of: ({ add, sum }) =>
      group([add(1, 1), add(1, 1)])
        .pipe(sum())
        .pipe(add(1))
        .pipe(add(1))
        .pipe(group([add(1), add(1)])),
    value: [7, 7],
  },
  {
    number: "36 (three)",
    of: ({ add, sum }) =>
      group([add(1, 1), add(1, 1)])
        .pipe(sum())
        .pipe(add(1))
        .pipe(add(1))
        .pipe(add(1))
        .pipe(group([add(1), add(1)])),
    value: [8, 8],
  },
];

function threeChords({ add, addI, sum }: Vectors) {
  return chain(chord([addI(1, 0), addI(1, 0)], sum()), chord([add(1), add(1)], sum()), chord([add(0), add(0)], sum()));
}

function twice({ add, sum }: Vectors, by: number) {
  return chord([add(by), add(by)], sum());
}
