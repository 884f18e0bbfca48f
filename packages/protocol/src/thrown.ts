/**
 * What a task may throw: anything.
 *
 * @module
 */

import { repr } from "./repr.ts";

/** Whether a thrown value is an error, of this realm or another: it has a name and a message. */
export function isError(thrown: unknown): thrown is Error {
  if (thrown instanceof Error) return true;
  if (typeof thrown !== "object" || thrown === null) return false;
  return (
    "name" in thrown && typeof thrown.name === "string" && "message" in thrown && typeof thrown.message === "string"
  );
}

/**
 * What an error is called: its own name, or its class's. `class Busy extends Error {}` has inherited the name "Error", and is
 * called Busy all the same.
 */
export function nameOf(error: Error): string {
  const named: unknown = error.name;
  const kind: unknown = Object.getPrototypeOf(error);
  if (typeof kind !== "object" || kind === null) return textOf(named);
  if (Object.hasOwn(error, "name") || Object.hasOwn(kind, "name")) return textOf(named);
  const constructor: unknown = Object.hasOwn(kind, "constructor") ? Reflect.get(kind, "constructor") : undefined;
  const called: unknown = typeof constructor === "function" ? constructor.name : "";
  return typeof called === "string" && called !== "" ? called : textOf(named);
}

/** A program may have set anything for a name or a message. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : repr(value);
}
