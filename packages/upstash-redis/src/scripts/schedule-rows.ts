/**
 * How the entries of a schedule are kept, and read.
 *
 * Every script on them has the same KEYS, all in one slot: versions by name, texts by name, the names by when they are due
 * (those that are at all), all names in order, and the plan. Versions and texts are taken as they come and never decoded.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { bytesOf, longestPage } from "./longest-page.ts";
import { textsIn } from "./reply.ts";

/**
 * Lua: `rowsOf(names)`: name, version, text and next (empty when it has none) of those that are there, one after another.
 * `pageOf(names, most)`: the same of so many of them (-1: of all), fewer where texts are long, and 1 when there is more.
 */
export const luaRows: string = `
local function addRow(rows, name)
  local version = redis.call('HGET', KEYS[1], name)
  if not version then return 0 end
  local text = redis.call('HGET', KEYS[2], name) or ''
  rows[#rows + 1] = name
  rows[#rows + 1] = version
  rows[#rows + 1] = text
  rows[#rows + 1] = redis.call('ZSCORE', KEYS[3], name) or ''
  return #text
end

local function rowsOf(names)
  local rows = {}
  for _, name in ipairs(names) do addRow(rows, name) end
  return rows
end

local function pageOf(names, most)
  local rows, size = {}, 0
  for _, name in ipairs(names) do
    if #rows == most * 4 or size >= ${longestPage} then return rows, 1 end
    size = size + addRow(rows, name)
  end
  return rows, 0
end

local function oneMore(most)
  return most == '-1' and -1 or most + 1
end
`;

/** The twin of {@link luaRows}. */
export function rowsOf(call: RedisCall, keys: readonly string[], names: readonly string[]): readonly string[] {
  return names.flatMap((name) => rowOf(call, keys, name));
}

/** The twin of `pageOf` in {@link luaRows}; `most` as a script has it. */
export function pageOf(
  call: RedisCall,
  keys: readonly string[],
  { names, most }: { readonly names: readonly string[]; readonly most: string },
): readonly [rows: readonly string[], more: 0 | 1] {
  const rows: string[] = [];
  let size = 0;
  for (const name of names) {
    if (rows.length === Number(most) * 4 || size >= longestPage) return [rows, 1];
    const row = rowOf(call, keys, name);
    rows.push(...row);
    size += bytesOf(row[2] ?? "");
  }
  return [rows, 0];
}

/** What to ask for, so that it is known whether there is more. */
export function oneMore(most: string): number {
  return most === "-1" ? -1 : Number(most) + 1;
}

function rowOf(call: RedisCall, keys: readonly string[], name: string): readonly string[] {
  const [versions = "", texts = "", due = ""] = keys;
  const version = call("HGET", versions, name);
  return version === null ? [] : [name, ...textsIn([version, call("HGET", texts, name), call("ZSCORE", due, name)])];
}
