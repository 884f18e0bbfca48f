/** Who gets which option of a canvas: the table of docs/canvas.md, as the calls themselves see it. */

import { type CallOptions, chain, chord, group } from "umbel";
import { expect, it } from "vitest";
import { world } from "./world.ts";

/** Each task writes down its name when it has the header, and when it has the stamp. */
function witness() {
  const { app, finish } = world();
  const headers: string[] = [];
  const stamps: string[] = [];
  const named = (name: string) =>
    app.task({ name, bind: true }, (task, value: unknown = null) => {
      if (task.request.headers["tenant"] === "acme") headers.push(name);
      if (task.request.stamps["tenant"] === "acme") stamps.push(name);
      return value;
    });
  return { first: named("first"), second: named("second"), last: named("last"), headers, stamps, finish };
}

type Witness = ReturnType<typeof witness>;

/** What is given where the canvas is sent. */
type Given = Pick<CallOptions, "headers" | "stamps">;

it.each([
  {
    canvas: "a chain",
    send: async ({ first, second, last }: Witness, given: Given) =>
      await chain(first.s(1), second.s(), last.s()).set(given).delay(),
    getHeaders: ["first"],
    getStamps: ["first", "last", "second"],
  },
  {
    canvas: "a group",
    send: async ({ first, second }: Witness, given: Given) =>
      await group([first.s(1), second.s(1)])
        .set(given)
        .delay(),
    getHeaders: ["first", "second"],
    getStamps: ["first", "second"],
  },
  {
    canvas: "a chord",
    send: async ({ first, second, last }: Witness, given: Given) =>
      await chord([first.s(1), second.s(1)], last.s())
        .set(given)
        .delay(),
    getHeaders: ["first", "last", "second"],
    getStamps: ["first", "last", "second"],
  },
])("of $canvas: $getHeaders get an option, $getStamps a stamp", async ({ send, getHeaders, getStamps }) => {
  const seen = witness();

  await send(seen, { headers: { tenant: "acme" } });
  await seen.finish();
  expect(seen.headers.toSorted()).toEqual(getHeaders);

  await send(seen, { stamps: { tenant: "acme" } });
  await seen.finish();
  expect(seen.stamps.toSorted()).toEqual(getStamps);
});
