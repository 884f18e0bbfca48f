/**
 * Reads commands out of HTTP requests: from a body of JSON, or from the path.
 *
 * @module
 */

import { type Command, CommandError } from "./engine.ts";

/** What a request's address says, still percent-encoded. */
export interface Target {
  /** Without the leading slash. */
  readonly path: string;
  /** Without the question mark, and without the token. */
  readonly query: string;
}

/** Splits an absolute URL without touching what is in it: a router would decode it, and channels have odd names. */
export function targetOf(url: string): Target {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  const [target = ""] = (start === -1 ? "" : url.slice(start + 1)).split("#");
  const mark = target.indexOf("?");
  if (mark === -1) return { path: target, query: "" };

  const query = target.slice(mark + 1).split("&");
  return { path: target.slice(0, mark), query: query.filter((pair) => !pair.startsWith("_token=")).join("&") };
}

/** `["SET", "key", "value"]`. */
export function commandInBody(body: string): Command {
  return toCommand(parse(body));
}

/** `[["SET", "key", "value"], ["GET", "key"]]`. */
export function commandsInBody(body: string): readonly Command[] {
  const rows = parse(body);
  if (!Array.isArray(rows))
    throw new CommandError("ERR failed to parse the request: an array of commands was expected");
  return rows.map(toCommand);
}

/** `set/key/value?EX=100`; a body comes after the path, before the query. */
export function commandInPath({ path, query }: Target, body: Buffer): Command {
  const [name, ...args] = path.split("/").map(decode);
  if (!name || name.length === 0) throw new CommandError("ERR empty command");
  if (body.length > 0) args.push(body);
  for (const [option, value] of new URLSearchParams(query)) {
    args.push(Buffer.from(option));
    if (value !== "") args.push(Buffer.from(value));
  }
  return { name: name.toString(), args };
}

/**
 * The topic in `subscribe/<name>`: whatever follows, percent-encoded or not. The official client encodes nothing, so a
 * slash or a question mark in the name arrives as one in the address.
 */
export function topicName({ path, query }: Target): string {
  const raw = path.slice(path.indexOf("/") + 1);
  return decode(query === "" ? raw : `${raw}?${query}`).toString();
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new CommandError("ERR failed to parse the request: its body is not JSON");
  }
}

function toCommand(row: unknown): Command {
  if (!Array.isArray(row)) throw new CommandError("ERR failed to parse the request: a command is an array");
  const [name, ...args] = row.map(toArgument);
  if (!name) throw new CommandError("ERR empty command");
  return { name, args };
}

function toArgument(value: unknown): string {
  // Half a character has no bytes: what stands for it in UTF-8 stands for it here.
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new CommandError("ERR failed to parse the request: an argument is a string, a number or a boolean");
}

/** Percent-encoded bytes, which need not be UTF-8; a stray percent sign means itself. */
function decode(segment: string): Buffer {
  const parts = segment.split(/%([0-9a-f]{2})/i);
  return Buffer.concat(parts.map((part, at) => Buffer.from(part, at % 2 === 1 ? "hex" : "utf8")));
}
