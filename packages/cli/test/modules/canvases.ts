/** Canvases, to be drawn. */

import { chain, chord, group, type AnySignature } from "umbel";
import { add, app } from "./tasks.ts";

export { app };

const mourn = app.errback("tasks.mourn", ({ id }) => id);

/** Steps, members side by side, and what is told of a failure of any of them. */
export const nightly: AnySignature = chain(
  add.s(2, 2),
  group(add.s(10), add.s(20)),
  app.signature("tasks.xsum"),
).linkError(mourn.s());

/** A chord that is followed by something. */
export const total: AnySignature = chord([add.s(1, 1), add.s(2, 2)], app.signature("tasks.xsum")).link(
  app.signature("tasks.tell"),
);
