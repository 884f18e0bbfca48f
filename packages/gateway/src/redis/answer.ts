/**
 * Writes replies as Upstash does: JSON, JSON with strings in base64, or Redis's own protocol.
 *
 * @module
 */

import { CommandError, type Reply } from "./engine.ts";

/** How replies are written. */
export type Format = "json" | "base64" | "resp2";

/** What the headers of a request ask for. Throws `CommandError` when that is nothing we have. */
export function formatOf(headers: Headers): Format {
  const format = headers.get("upstash-response-format") ?? "json";
  const base64 = headers.get("upstash-encoding") === "base64";
  if (format === "json") return base64 ? "base64" : "json";
  if (format !== "resp2") throw new CommandError(`ERR unknown response format '${format}': json or resp2 was expected`);
  if (base64) throw new CommandError("ERR base64 encoding is not possible in the response format resp2");
  return format;
}

/** The answer to one command. */
export function answer(reply: Reply, format: Format): Response {
  const status = reply instanceof CommandError ? 400 : 200;
  return format === "resp2" ? bytes(resp(reply), status) : json(row(reply, format), status);
}

/** The answer to several, errors in their places. */
export function answerAll(replies: readonly Reply[], format: Format): Response {
  if (format === "resp2") return bytes(Buffer.concat(replies.map(resp)), 200);
  return json(`[${replies.map((reply) => row(reply, format)).join(",")}]`, 200);
}

/** The answer to a request that failed as a whole. */
export function failure(message: string, status: 400 | 401 | 405 | 500 | 503): Response {
  return json(JSON.stringify({ error: message }), status);
}

function json(body: string, status: number): Response {
  return new Response(body, { status, headers: { "content-type": "application/json" } });
}

function bytes(body: Buffer, status: number): Response {
  return new Response(new Uint8Array(body), { status, headers: { "content-type": "application/octet-stream" } });
}

const ok = Buffer.from("OK");

function row(reply: Reply, format: "json" | "base64"): string {
  if (reply instanceof CommandError) return JSON.stringify({ error: reply.message });
  // The client takes an OK at the top as it is; within an array it decodes every string.
  if (Buffer.isBuffer(reply) && reply.equals(ok)) return `{"result":"OK"}`;
  return `{"result":${value(reply, format)}}`;
}

/** By hand, because JSON.stringify knows no integer beyond 2^53. */
function value(reply: Reply, format: "json" | "base64"): string {
  if (Buffer.isBuffer(reply)) return JSON.stringify(reply.toString(format === "base64" ? "base64" : "utf8"));
  if (reply instanceof CommandError) return JSON.stringify(reply.message);
  if (reply === null || typeof reply === "number" || typeof reply === "bigint") return String(reply);
  return `[${reply.map((each) => value(each, format)).join(",")}]`;
}

const statuses: ReadonlySet<string> = new Set(["OK", "PONG"]);

function resp(reply: Reply): Buffer {
  // Which strings Redis had marked as a status is lost: these are nothing else.
  if (Buffer.isBuffer(reply) && statuses.has(reply.toString("latin1")))
    return Buffer.concat([statusMark, reply, lineEnd]);
  return nested(reply);
}

const statusMark = Buffer.from("+");
const lineEnd = Buffer.from("\r\n");

function nested(reply: Reply): Buffer {
  if (reply === null) return Buffer.from("$-1\r\n");
  if (typeof reply === "number" || typeof reply === "bigint") return Buffer.from(`:${reply}\r\n`);
  if (reply instanceof CommandError) return Buffer.from(`-${reply.message.replaceAll(/[\r\n]+/g, " ")}\r\n`);
  if (Buffer.isBuffer(reply)) return Buffer.concat([Buffer.from(`$${reply.length}\r\n`), reply, lineEnd]);
  return Buffer.concat([Buffer.from(`*${reply.length}\r\n`), ...reply.map(nested)]);
}
