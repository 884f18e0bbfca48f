/** A signature as text is what a program writes, for many items too. */

import { chain, chunks, group } from "umbel";
import { expect, it } from "vitest";
import { world } from "./world.ts";

const { app } = world();
const add = app.task("tasks.add", (x: number, y: number) => x + y);
const len = app.task("tasks.len", (text: string) => text.length);
const sum = app.task("tasks.sum", (values: readonly number[]) => values.length);

it.each([
  { signature: len.map(["a", "bc"]), text: 'tasks.len.map(["a","bc"])' },
  {
    signature: add.starmap([
      [1, 2],
      [3, 4],
    ]),
    text: "tasks.add.starmap([[1,2],[3,4]])",
  },
  { signature: add.chunks([[1, 2]], 10), text: "tasks.add.chunks([[1,2]], 10)" },
  { signature: chunks(add, [[1, 2]], 10), text: "group([tasks.add.starmap([[1,2]])])" },
  { signature: chain(len.map(["a"]), sum.s()), text: 'tasks.len.map(["a"]) | tasks.sum()' },
  { signature: group([len.map(["a"])]), text: 'group([tasks.len.map(["a"])])' },
])("$text", ({ signature, text }) => {
  expect(String(signature)).toBe(text);
});
