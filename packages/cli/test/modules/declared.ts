/** Tasks that are declared with much, and with nothing. */

import { type Task, Umbel } from "umbel";

/** The application. */
export const app: Umbel = new Umbel("declared");

class Gone extends Error {}

function mourn(): void {}

/** Has options that no column is for. */
export const careful: Task<[], void> = app.task(
  {
    name: "declared.careful",
    timeLimit: "1m",
    maxRetries: 7,
    autoretryFor: [TypeError, Gone],
    acksOnFailure: false,
    onFailure: mourn,
  },
  () => undefined,
);

/** Has none. */
export const plain: Task<[], void> = app.task("declared.plain", () => undefined);
