/**
 * Filters in a request's query, as SQL conditions (qstash.md section 2).
 *
 * Values of one key are alternatives, keys add up. A key that is not known is an error: a misspelt one would otherwise
 * select everything.
 *
 * @module
 */

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

/** Keys that select nothing by themselves. */
const otherKeys = new Set(["count", "cursor", "order", "qstash_token"]);

const messageFields: Readonly<Record<string, Field>> = {
  callerIP: oneOf("caller_ip"),
  callerIp: oneOf("caller_ip"),
  flowControlKey: oneOf("json_extract(draft, '$.flow.key')"),
  fromDate: instant("fromDate", "created_at >= ?"),
  host: oneOf("host"),
  label: (values) => ({ sql: `message.seq IN (SELECT message FROM label WHERE label IN (${marks(values)}))`, values }),
  messageId: oneOf("message.id"),
  messageIds: oneOf("message.id"),
  path: oneOf("path"),
  queueName: oneOf("json_extract(draft, '$.queue')"),
  scheduleId: oneOf("json_extract(draft, '$.scheduleId')"),
  toDate: instant("toDate", "created_at <= ?"),
  topicName: () => ({ sql: "FALSE", values: [] }),
  url: oneOf("json_extract(draft, '$.url')"),
};

const deadLetterFields: Readonly<Record<string, Field>> = {
  ...messageFields,
  dlqIds: (values) => ({ sql: `dead_letter.seq IN (${marks(values)})`, values: values.map(deadLetterNumber) }),
  fromDate: instant("fromDate", "failed_at >= ?"),
  responseStatus: (values) => ({ sql: `status IN (${marks(values)})`, values: values.map(Number) }),
  source: () => ({ sql: "FALSE", values: [] }),
  toDate: instant("toDate", "failed_at <= ?"),
};

/** The messages that a query selects: by `messageIds` alone, or by filters. Throws `RequestError`. */
export function messageFilter(query: URLSearchParams): Condition {
  return conditionOf(query, messageFields, "messageIds");
}

const logFields: Readonly<Record<string, Field>> = {
  ...messageFields,
  state: (values) => oneOf("state")(values.flatMap((each) => (each === "IN_PROGRESS" ? ["ACTIVE", "RETRY"] : [each]))),
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

/** Reads `count`, which is `usual` when absent and at most `most`, `cursor` and `order`. Throws `RequestError`. */
export function pageOf(query: URLSearchParams, most: number, usual: number = most): Page {
  const count = query.get("count");
  const cursor = query.get("cursor");
  if ((count !== null && !/^\d+$/.test(count)) || (cursor !== null && !/^\d*$/.test(cursor))) {
    throw new RequestError(400, "count must be a whole number, and cursor what an earlier answer gave");
  }
  return {
    count: Math.max(1, Math.min(most, Number(count ?? usual))),
    cursor: cursor === null || cursor === "" ? undefined : Number(cursor),
    latestFirst: query.get("order") === "latestFirst",
  };
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

/** Keys may be repeated or hold a list; a URL may contain a comma, so those are only repeated. */
function valuesOf(query: URLSearchParams, key: string): readonly string[] {
  const values = query.getAll(key);
  return key === "url" || key === "path" ? values : values.flatMap((each) => each.split(","));
}

function oneOf(column: string): Field {
  return (values) => ({ sql: `${column} IN (${marks(values)})`, values });
}

function instant(key: string, sql: string): Field {
  return (values) => {
    const [value = ""] = values;
    if (values.length === 1 && /^\d{1,15}$/.test(value)) return { sql, values: [Number(value)] };
    throw new RequestError(400, `${key}: one instant, in milliseconds since 1970`);
  };
}

function marks(values: readonly string[]): string {
  return values.map(() => "?").join(", ");
}
