/**
 * Filters in a request's query, as SQL conditions (qstash.md section 2).
 *
 * Values of one key are alternatives, keys add up. A key that is not known is an error: a misspelt one would otherwise
 * select everything.
 *
 * @module
 */

import { flowLane, queueLane } from "./lane.ts";
import type { MessageState } from "./message-state.ts";
import { RequestError } from "./request-error.ts";

/** A condition on the table `message`, or on it joined with `dead_letter`. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Which part of a long list is wanted. */
export interface Page {
  readonly count: number;
  /** Entries after this one only. */
  readonly cursor: number | undefined;
  readonly latestFirst: boolean;
}

/** The ids that are asked for with a key of their own. */
type IdKey = "messageIds" | "dlqIds";

type Field = (values: readonly string[]) => Condition;

/**
 * Numbers and instants rise together, but for a clock that was set back: the one says where to look for the other. The plus
 * has SQLite find the number by the index of the instants, and not row by row.
 */
const createdFrom = "message.seq >= (SELECT MIN(+seq) FROM message WHERE created_at >= ?) AND created_at >= ?";
const createdUntil = "message.seq <= (SELECT MAX(+seq) FROM message WHERE created_at <= ?) AND created_at <= ?";

/** Keys that select nothing by themselves. */
const otherKeys = new Set(["count", "cursor", "order", "qstash_token"]);

const messageFields: Readonly<Record<string, Field>> = {
  callerIP: oneOf("caller_ip"),
  callerIp: oneOf("caller_ip"),
  flowControlKey: (values) => eitherOf(lanesOf("flow", values.map(flowLane)), queuedWithKey(values)),
  fromDate: instant("fromDate", createdFrom),
  host: oneOf("host"),
  label: (values) => ({ sql: `message.seq IN (SELECT message FROM label WHERE label IN (${marks(values)}))`, values }),
  messageId: oneOf("message.id"),
  messageIds: oneOf("message.id"),
  path: oneOf("path"),
  queueName: (values) => lanesOf("queue", values.map(queueLane)),
  scheduleId: oneOf("json_extract(draft, '$.scheduleId')"),
  toDate: instant("toDate", createdUntil),
  topicName: none,
  url: atUrls,
};

/** Where one of these picks few, they are looked up by it, and not the other way round. */
const deadLetterFields: Readonly<Record<string, Field>> = {
  ...messageFields,
  dlqIds: (values) => oneOf("dead_letter.seq")(values.map(deadLetterNumber)),
  fromDate: instant("fromDate", "failed_at >= ?"),
  label: (values) => withMessages(`SELECT message FROM label WHERE label IN (${marks(values)})`, values),
  messageId: (values) => withMessages(`SELECT seq FROM message WHERE id IN (${marks(values)})`, values),
  responseStatus: (values) => oneOf("status")(values.map(statusIn)),
  source: none,
  toDate: instant("toDate", "failed_at <= ?"),
};

/** The messages that a query selects: by `messageIds` alone, or by filters. Throws `RequestError`. */
export function messageFilter(query: URLSearchParams): Condition {
  return conditionOf(query, messageFields, "messageIds");
}

/** The messages in a queue. */
export function inQueue(name: string): Condition {
  return lanesOf("queue", [queueLane(name)]);
}

/** The states that a log may be asked for, and those of messages that are meant. Here ERROR is at once RETRY or FAILED. */
const logStates: Readonly<Record<string, readonly MessageState[]>> = {
  CREATED: ["CREATED"],
  ACTIVE: ["ACTIVE"],
  RETRY: ["RETRY"],
  ERROR: [],
  IN_PROGRESS: ["ACTIVE", "RETRY"],
  DELIVERED: [],
  FAILED: ["FAILED"],
  CANCEL_REQUESTED: ["CANCEL_REQUESTED"],
  CANCELLED: [],
  CANCELED: [],
};

const logFields: Readonly<Record<string, Field>> = {
  ...messageFields,
  state: (values) => oneOf("state")(values.flatMap(statesIn)),
};

/** The messages whose log entries a query selects: by `messageIds` alone, or by filters. Throws `RequestError`. */
export function logFilter(query: URLSearchParams): Condition {
  return conditionOf(query, logFields, "messageIds");
}

/** The dead letters that a query selects: by `dlqIds` alone, or by filters. Throws `RequestError`. */
export function deadLetterFilter(query: URLSearchParams): Condition {
  return conditionOf(query, deadLetterFields, "dlqIds");
}

/** The number of a dead letter in the table: its id is `<milliseconds>-<number>`. -1 when it is no such id. */
export function deadLetterNumber(id: string): number {
  return Number(/^\d+-(\d+)$/.exec(id)?.[1] ?? -1);
}

/** How long a page may be, and in which order its entries come when nobody says. */
export interface PageRule {
  readonly most: number;
  /** The number of entries when nobody says; `most` when absent. */
  readonly usual?: number;
  readonly latestFirst?: boolean;
}

/** Reads `count`, which is at most what the rule allows, `cursor` and `order`. Throws `RequestError`. */
export function pageOf(query: URLSearchParams, { most, usual = most, latestFirst = false }: PageRule): Page {
  const count = numberIn(query, "count") ?? usual;
  return {
    count: Math.max(1, Math.min(most, count)),
    cursor: numberIn(query, "cursor"),
    latestFirst: orderIn(query) ?? latestFirst,
  };
}

/** An empty one is as none. */
function numberIn(query: URLSearchParams, key: "count" | "cursor"): number | undefined {
  const text = query.get(key) ?? "";
  if (text === "") return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new RequestError(400, "count must be a whole number, and cursor what an earlier answer gave");
}

/** Whether the latest come first; undefined when that is not said. */
function orderIn(query: URLSearchParams): boolean | undefined {
  const order = query.get("order");
  if (order === null) return undefined;
  if (order === "latestFirst" || order === "earliestFirst") return order === "latestFirst";
  throw new RequestError(400, `order: "${order}" is neither latestFirst nor earliestFirst`);
}

function conditionOf(query: URLSearchParams, fields: Readonly<Record<string, Field>>, idKey: IdKey): Condition {
  const keys = [...new Set(query.keys())].filter((key) => !otherKeys.has(key));
  const unknown = keys.find((key) => !Object.hasOwn(fields, key));
  if (unknown !== undefined) {
    throw new RequestError(400, `"${unknown}" is no filter; there are ${Object.keys(fields).join(", ")}`);
  }
  const used = keys.includes(idKey) ? [idKey] : keys;
  const conditions = used.flatMap((key) => fields[key]?.(valuesOf(query, key)) ?? []);
  return {
    sql: ["TRUE", ...conditions.map((each) => each.sql)].join(" AND "),
    values: conditions.flatMap((each) => each.values),
  };
}

/** Keys may be repeated or hold a list; a URL may contain a comma, so those are only repeated. Throws `RequestError`. */
function valuesOf(query: URLSearchParams, key: string): readonly string[] {
  const values = query.getAll(key);
  const parts = key === "url" || key === "path" ? values : values.flatMap((each) => each.split(","));
  if (parts.includes("")) throw new RequestError(400, `${key}: a value is missing`);
  return parts;
}

function oneOf(column: string): (values: readonly (string | number)[]) => Condition {
  return (values) => ({ sql: `${column} IN (${marks(values)})`, values });
}

function none(): Condition {
  return { sql: "FALSE", values: [] };
}

/** The messages in lanes of a kind. Says so to the letter of the indexes `message_queue` and `message_flow`. */
function lanesOf(kind: "queue" | "flow", lanes: readonly string[]): Condition {
  return { sql: `(lane > '${kind}:' AND lane < '${kind};' AND lane IN (${marks(lanes)}))`, values: lanes };
}

/** What is in a queue is in no key's lane, though it may name one. */
function queuedWithKey(keys: readonly string[]): Condition {
  const sql = `(lane > 'queue:' AND lane < 'queue;' AND json_extract(draft, '$.flow.key') IN (${marks(keys)}))`;
  return { sql, values: keys };
}

function eitherOf(one: Condition, other: Condition): Condition {
  return { sql: `(${one.sql} OR ${other.sql})`, values: [...one.values, ...other.values] };
}

/** Found by their paths, of which there are many at one host (the plus says so): the rest of a URL is slow to read. */
function atUrls(urls: readonly string[]): Condition {
  const places = urls.flatMap((url) => URL.parse(url) ?? []);
  const [paths, hosts] = [places.map(({ pathname }) => pathname), places.map(({ host }) => host)];
  const place = `path IN (${marks(paths)}) AND +host IN (${marks(hosts)})`;
  return {
    sql: `${place} AND json_extract(draft, '$.url') IN (${marks(urls)})`,
    values: [...paths, ...hosts, ...urls],
  };
}

function withMessages(select: string, values: readonly string[]): Condition {
  return { sql: `dead_letter.message IN (${select})`, values };
}

/** A condition with an instant in each of its places. */
function instant(key: string, sql: string): Field {
  return (values) => {
    const [value = ""] = values;
    if (values.length === 1 && /^\d{1,15}$/.test(value)) {
      return { sql, values: Array.from(sql.matchAll(/\?/g), () => Number(value)) };
    }
    throw new RequestError(400, `${key}: one instant, in milliseconds since 1970`);
  };
}

function statesIn(text: string): readonly MessageState[] {
  const states = Object.hasOwn(logStates, text) ? logStates[text] : undefined;
  if (states !== undefined) return states;
  throw new RequestError(400, `state: "${text}" is none of ${Object.keys(logStates).join(", ")}`);
}

function statusIn(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new RequestError(400, `responseStatus: "${text}" is no status; 0 is that of no answer`);
}

function marks(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}
