/**
 * From what a message gives to what a body takes: names find their places, schemas check and convert, and what is given
 * by name comes last, as one object (delivery.md 25).
 *
 * @module
 */

import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkCount, type Parameters } from "./parameters.ts";
import { type ArgumentsSchema, validate } from "./validate.ts";

/** Arguments by name. */
type Named = Readonly<Record<string, unknown>>;

/** What a task takes. */
export interface Taken {
  readonly task: string;
  readonly parameters: Parameters;
  /** Of the argument list. */
  readonly args?: ArgumentsSchema | undefined;
  /** Of what is given by name. */
  readonly kwargs?: StandardSchemaV1<unknown, unknown> | undefined;
}

/**
 * Returns the arguments as the body takes them; `isCounted`: too few or too many are refused.
 * Throws `ValidationError` for what a schema refuses, and `TypeError`, in Python's words, for a name that is unknown or
 * doubled and for a wrong number.
 */
export async function acceptArguments(
  taken: Taken,
  given: { readonly args: readonly unknown[]; readonly kwargs: Named; readonly isCounted: boolean },
): Promise<readonly unknown[]> {
  const { task, parameters, args: schema, kwargs: named } = taken;
  const { placed, others } = placeNamed(taken, given);
  if (given.isCounted) checkPlaced(taken, placed);
  const positional = schema === undefined ? placed : await validate({ task, what: "args", schema }, placed);
  if (named === undefined) return positional;
  const last = await acceptNamed(task, named, others);
  return Object.assign(
    Array.from<unknown>({ length: Math.max(parameters.places, positional.length) }),
    positional,
  ).concat([last]);
}

/** What can be said of arguments without a schema's help. Throws `TypeError` as {@link acceptArguments} does. */
export function checkArguments(
  taken: Taken,
  given: { readonly args: readonly unknown[]; readonly kwargs: Named },
): void {
  checkPlaced(taken, placeNamed(taken, given).placed);
}

/** The arguments of a call on the spot: named ones may come last, as one object. */
export function splitNamed(
  { parameters, kwargs }: Taken,
  args: readonly unknown[],
): { args: readonly unknown[]; kwargs: Named } {
  const last = args.at(-1);
  if (kwargs === undefined || args.length <= parameters.places || !isNamed(last)) return { args, kwargs: {} };
  return { args: args.slice(0, -1), kwargs: last };
}

/** A schema of the list knows better how many there may be. */
function checkPlaced({ task, parameters, args: schema }: Taken, placed: readonly unknown[]): void {
  if (schema === undefined) checkCount(task, parameters, placed);
}

/** Puts named arguments in their places; `others` have none. */
function placeNamed(
  { task, parameters: { names }, kwargs: schema }: Taken,
  { args, kwargs }: { readonly args: readonly unknown[]; readonly kwargs: Named },
): { readonly placed: readonly unknown[]; readonly others: Named } {
  const placed = [...args];
  const others: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(kwargs)) {
    const place = names.indexOf(key);
    if (place === -1 && schema === undefined) throw unexpected(task, key);
    if (place !== -1 && place < args.length) throw new TypeError(`${task}() got multiple values for argument '${key}'`);
    if (place === -1) others[key] = value;
    else placed[place] = value;
  }
  return { placed, others };
}

/** Where a schema's names can be read, one that is not among them is refused: a schema may as well leave it out. */
async function acceptNamed(task: string, schema: StandardSchemaV1<unknown, unknown>, given: Named): Promise<unknown> {
  const known = namesIn(schema);
  const stranger = Object.keys(given).find((key) => known?.includes(key) === false);
  if (stranger !== undefined) throw unexpected(task, stranger);
  return await validate({ task, what: "kwargs", schema }, given);
}

/** The names that a schema of an object knows, when it takes no others: zod's `shape`, valibot's `entries`. */
export function namesIn(schema: object): readonly string[] | undefined {
  const [shape, entries = shape, def, type] = ["shape", "entries", "def", "type"].map(member(schema));
  const rest = isNamed(def) ? def["catchall"] : undefined;
  const isOpen = isNamed(rest) && member(Object(rest["def"]))("type") !== "never";
  if (!isNamed(entries) || isOpen || String(type).startsWith("loose")) return undefined;
  return Object.keys(entries);
}

function member(of: object): (key: string) => unknown {
  return (key): unknown => Reflect.get(of, key);
}

function unexpected(task: string, name: string): TypeError {
  return new TypeError(`${task}() got an unexpected keyword argument '${name}'`);
}

function isNamed(value: unknown): value is Named {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
