/**
 * What steps return: texts that say what went into them, and which of its beginnings came to them, so that a wrong, a
 * missing or a doubled argument shows in every value behind it, and so does a mixture of two runs of one body.
 *
 * @module
 */

import type { Ending } from "./plan.ts";

/** What travels with each call of a step. */
export interface Spec {
  readonly label: string;
  readonly ending: Ending;
}

/** The value that a step returns for what it was given, when so many beginnings came before the one that was stored. */
export function valueOf({ label, ending }: Spec, given: readonly unknown[], nth: number): unknown {
  const text = `${marked(label, nth)}(${shown(given)})`;
  if (ending.how !== "returns" || ending.value === "text") return text;
  if (ending.value === "long") return text + "~".repeat(longSize);
  return ending.value === "list" ? [label, text] : null;
}

/** Characters that make a value too long for a message of the kit's broker. */
const longSize = 25_000;

/** A label, and which of its beginnings this came from: `a`, `a'1`, `a'2`. */
export function marked(label: string, nth: number): string {
  return nth === 0 ? label : `${label}'${nth}`;
}

/** Which beginning of a step a value of its own, or the message of its own failure, came from. */
export function nthIn(label: string, stored: unknown): number {
  const text: unknown = Array.isArray(stored) ? stored[1] : stored;
  const own = new RegExp(`^(?:[a-z ]+: )?${label}'(\\d+)(?:\\(|$)`);
  return Number(own.exec(String(text))?.[1] ?? 0);
}

/** Arguments as a text, the same for the same arguments; what differs from run to run in a failure is left out. */
export function shown(given: readonly unknown[]): string {
  const text = given.map(textOf).join(", ");
  return text.length <= longest ? text : `#${digest(text)}`;
}

/** Values of nested canvases grow with each level. */
const longest = 120;

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(" ")}]`;
  if (typeof value === "object" && value !== null) return recordText(value);
  return String(value);
}

/** What an errback is told, the end of a member as a chord that collects has it, or any other record. */
function recordText(record: object): string {
  if ("excType" in record && "state" in record) return `told ${String(record.state)} ${String(record.excType)}`;
  if ("error" in record && "state" in record) return `${String(record.state)} ${typeIn(record.error)}`;
  if ("result" in record && "state" in record) return `${String(record.state)} ${textOf(record.result)}`;
  return JSON.stringify(record);
}

function typeIn(failure: unknown): string {
  return typeof failure === "object" && failure !== null && "exc_type" in failure ? String(failure.exc_type) : "?";
}

/** FNV-1a, 32 bits. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** A call of as many items as its ending says. */
export type Maps = Extract<Ending, { readonly how: "maps" }>;

/** How many items a chunk has. */
export const chunkSize = 2;

/** With what a bad item begins. */
export const badItem = "bad ";

/** The items of a call. */
export function itemsOf(label: string, { items, fails }: Maps): readonly string[] {
  return Array.from({ length: items }, (_, nth) => `${fails && nth === 0 ? badItem : ""}${label}.${nth}`);
}

/** What the items come to, as they are given back. */
export function mappedValue(label: string, ending: Maps): readonly unknown[] {
  const values = itemsOf(label, ending).map((each) => `${each}!`);
  if (ending.over !== "chunks") return values;
  return Array.from({ length: Math.ceil(values.length / chunkSize) }, (_, nth) =>
    values.slice(nth * chunkSize, (nth + 1) * chunkSize),
  );
}

/** What a step shows that is ignored then. */
export const ownState = "ON_ITS_OWN";
