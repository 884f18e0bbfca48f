/**
 * The tasks that the type tests compose, their types written out, as a module that exports tasks does.
 *
 * @module
 */

import { type Kwargs, type Task, Umbel } from "umbel";

export const app: Umbel = new Umbel("types");

export const add: Task<[x: number, y: number], number> = app.task("types.add", (x: number, y: number) => x + y);

export const negate: Task<[x: number], number> = app.task(
  "types.negate",
  async (x: number) => await Promise.resolve(-x),
);

export const measure: Task<[x: number, unit?: string], string> = app.task(
  "types.measure",
  (x: number, unit = "m") => `${x} ${unit}`,
);

/** With names for its places. */
export const scale: Task<[x: number, y: number], number, Kwargs> = app.task(
  { name: "types.scale", params: ["x", "y"] },
  (x: number, y: number) => x * y,
);

export const shout: Task<[text: string], string> = app.task("types.shout", (text: string) => text.toUpperCase());

export const log: Task<[level: number, ...lines: string[]], void> = app.task(
  "types.log",
  (level: number, ...lines: string[]) => {
    lines.splice(level);
  },
);

export const sum: Task<[values: readonly number[]], number> = app.task("types.sum", (values: readonly number[]) =>
  values.reduce((total, each) => total + each, 0),
);

export const label: Task<[pair: [number, string]], string> = app.task(
  "types.label",
  ([count, text]: [number, string]) => `${count} ${text}`,
);

export const ping: Task<[], string> = app.task("types.ping", () => "pong");

export const clear: Task<[], void> = app.task("types.clear", () => {
  log.options.params?.at(0);
});

export const boom: Task<[], never> = app.task("types.boom", () => {
  throw new Error("Exception Error");
});
