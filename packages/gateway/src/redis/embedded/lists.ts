/**
 * Commands on lists.
 *
 * An element has a position; a push takes the next one at its end. Removing from the middle leaves gaps, so the nth
 * element is found by counting from the head.
 *
 * @module
 */

import { limitGiven } from "../../store/limit.ts";
import { integerIn, type Row } from "../../store/row.ts";
import type { Reply } from "../engine.ts";
import { countOf, integerOf } from "./arguments.ts";
import { bufferIn } from "./columns.ts";
import { atLeast, type CommandTable, exactly, ok, wrongNumberOfArguments } from "./command-table.ts";
import type { Entry, Keyspace } from "./keyspace.ts";
import { type Span, spanOf } from "./span.ts";

/** Which end of a list: left is the head. */
type End = "left" | "right";

/** The commands on lists. */
export function listCommands(keyspace: Keyspace): CommandTable {
  const lists = openLists(keyspace);

  return {
    lpush: atLeast(2, ([key, ...values]) => lists.push(key, "left", values)),
    rpush: atLeast(2, ([key, ...values]) => lists.push(key, "right", values)),
    lpop: atLeast(1, ([key, ...options]) => pop(lists, { key, end: "left" }, options)),
    rpop: atLeast(1, ([key, ...options]) => pop(lists, { key, end: "right" }, options)),
    llen: exactly(1, ([key]) => lists.find(key)?.size ?? 0),
    lindex: exactly(2, ([key, index]) => nth(lists, key, index)),
    lrange: exactly(3, ([key, start, stop]) => range(lists, key, [start, stop])),
    ltrim: exactly(3, ([key, start, stop]) => trim(lists, key, [start, stop])),
    lrem: exactly(3, ([key, count, value]) => remove(lists, [key, value], integerOf(count))),
  };
}

interface Element {
  readonly position: number;
  readonly value: Buffer;
}

interface Lists {
  find(key: Buffer): Entry | undefined;
  /** How long the list is then. */
  push(key: Buffer, end: End, values: readonly Buffer[]): number;
  /** Elements from the left. */
  slice(entry: Entry, span: Span): readonly Element[];
  /** So many elements from an end, the outermost first. */
  ends(entry: Entry, end: End, count: number): readonly Element[];
  /** Elements that equal a value, seen from an end; at most so many. */
  equal(entry: Entry, value: Buffer, from: { readonly end: End; readonly limit: number }): readonly Element[];
  remove(entry: Entry, elements: readonly Element[]): void;
  /** Keeps only what is in the span. */
  keep(entry: Entry, span: Span): void;
}

function openLists(keyspace: Keyspace): Lists {
  const statements = prepareAll(keyspace);
  const find = (key: Buffer): Entry | undefined => keyspace.expect(key, "list");

  return {
    find,
    push(key, end, values) {
      const entry = keyspace.stored(keyspace.ensure(key, "list"));
      const step = end === "left" ? -1 : 1;
      const outermost = statements[end].get(entry.id, 1, 0);
      const start = outermost ? integerIn(outermost, "position") + step : 0;
      for (const [at, value] of values.entries()) statements.insert.run(entry.id, start + at * step, value);
      keyspace.resize(entry, entry.size + values.length);
      return entry.size + values.length;
    },
    slice: ({ id }, { first, count }) => statements.left.all(id, count, first).map(elementOf),
    ends: ({ id }, end, count) => statements[end].all(id, count, 0).map(elementOf),
    equal({ id }, value, { end, limit }) {
      const statement = end === "left" ? statements.equalLeft : statements.equalRight;
      return statement.all(id, value, limit).map(elementOf);
    },
    remove(entry, elements) {
      for (const { position } of elements) statements.remove.run(entry.id, position);
      keyspace.resize(entry, entry.size - elements.length);
    },
    keep(entry, { first, count }) {
      const from = count > 0 ? statements.left.get(entry.id, 1, first) : undefined;
      const to = count > 0 ? statements.left.get(entry.id, 1, first + count - 1) : undefined;
      if (from && to) statements.keep.run(entry.id, integerIn(from, "position"), integerIn(to, "position"));
      keyspace.resize(entry, count);
    },
  };
}

function prepareAll(keyspace: Keyspace) {
  const columns = "SELECT position, value FROM redis_list WHERE key = ?";
  const order = { left: "ORDER BY position ASC", right: "ORDER BY position DESC" };

  return {
    left: keyspace.prepare(`${columns} ${order.left} ${limitGiven} OFFSET ?`),
    right: keyspace.prepare(`${columns} ${order.right} ${limitGiven} OFFSET ?`),
    equalLeft: keyspace.prepare(`${columns} AND value = ? ${order.left} ${limitGiven}`),
    equalRight: keyspace.prepare(`${columns} AND value = ? ${order.right} ${limitGiven}`),
    insert: keyspace.prepare("INSERT INTO redis_list (key, position, value) VALUES (?, ?, ?)"),
    remove: keyspace.prepare("DELETE FROM redis_list WHERE key = ? AND position = ?"),
    keep: keyspace.prepare("DELETE FROM redis_list WHERE key = ? AND (position < ? OR position > ?)"),
  };
}

function elementOf(row: Row): Element {
  return { position: integerIn(row, "position"), value: bufferIn(row, "value") };
}

function pop(
  lists: Lists,
  { key, end }: { readonly key: Buffer; readonly end: End },
  [count, ...rest]: readonly Buffer[],
): Reply {
  if (rest.length > 0) throw wrongNumberOfArguments(end === "left" ? "lpop" : "rpop");
  const limit = count && countOf(count);
  const entry = lists.find(key);
  if (!entry) return null;

  const popped = lists.ends(entry, end, limit ?? 1);
  lists.remove(entry, popped);
  const values = popped.map(({ value }) => value);
  return limit === undefined ? (values[0] ?? null) : values;
}

function nth(lists: Lists, key: Buffer, argument: Buffer): Reply {
  const entry = lists.find(key);
  if (!entry) return null;

  const index = integerOf(argument);
  const { first, count } = spanOf([index, index], entry.size);
  return lists.slice(entry, { first, count })[0]?.value ?? null;
}

function range(lists: Lists, key: Buffer, [start, stop]: readonly [Buffer, Buffer]): Reply {
  const ends = [integerOf(start), integerOf(stop)] as const;
  const entry = lists.find(key);
  return entry ? lists.slice(entry, spanOf(ends, entry.size)).map(({ value }) => value) : [];
}

function trim(lists: Lists, key: Buffer, [start, stop]: readonly [Buffer, Buffer]): Reply {
  const ends = [integerOf(start), integerOf(stop)] as const;
  const entry = lists.find(key);
  if (entry) lists.keep(entry, spanOf(ends, entry.size));
  return ok;
}

/** A negative count removes from the right, 0 removes all. */
function remove(lists: Lists, [key, value]: readonly [Buffer, Buffer], count: number): Reply {
  const entry = lists.find(key);
  if (!entry) return 0;

  const limit = count === 0 ? entry.size : Math.abs(count);
  const removed = lists.equal(entry, value, { end: count < 0 ? "right" : "left", limit });
  lists.remove(entry, removed);
  return removed.length;
}
