/**
 * Reads what a publisher asks for in `Upstash-*` headers (qstash.md section 3).
 *
 * @module
 */

import type { Allow } from "../destination-rule.ts";
import { checkDestination } from "./destination.ts";
import { parseDuration } from "./duration.ts";
import { parseExpression } from "./expression.ts";
import { readLimit, readPeriod } from "./flow-limit.ts";
import { canonicalName, canTravel, mayTravel } from "./header.ts";
import type { Draft, FlowControl } from "./message.ts";
import { RequestError } from "./request-error.ts";

/** What this gateway grants to its publishers. */
export interface Policy {
  /** Seconds that a destination may take at most; also the default. */
  readonly maxTimeout: number;
  /** Where messages may go. */
  readonly allow: Allow;
}

/** Whose settings are read: the message's own, or those of one of its callbacks. */
type Part = "" | "Callback-" | "Failure-Callback-";

/** Deliveries after the first when the publisher does not say. */
const defaultRetries = 3;

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Reads a message that is published to `destination`. Throws `RequestError`. */
export function readDraft(destination: string, headers: Headers, policy: Policy): Draft {
  const blank = blankDraft(checkDestination(destination, "destination", policy.allow), policy);
  const contentType = headers.get("content-type");
  return amendDraft(
    { ...blank, headers: contentType === null ? {} : { "Content-Type": contentType } },
    headers,
    policy,
  );
}

/** The draft with whatever the headers ask for in place of what it asked for. Throws `RequestError`. */
export function amendDraft(draft: Draft, headers: Headers, policy: Policy): Draft {
  refuseUnsupported(headers);
  const amended = readPart(draft, "", { headers, policy });
  const callback = readCallback(amended, "Callback-", { headers, policy });
  const failureCallback = readCallback(amended, "Failure-Callback-", { headers, policy });
  return { ...amended, ...(callback && { callback }), ...(failureCallback && { failureCallback }) };
}

interface Source {
  readonly headers: Headers;
  readonly policy: Policy;
}

function blankDraft(url: string, policy: Policy): Draft {
  return {
    url,
    method: "POST",
    headers: {},
    retries: defaultRetries,
    timeout: policy.maxTimeout,
    delay: 0,
    labels: [],
    redact: [],
  };
}

/** What would be asked for in vain is refused: a message without its schedule is not what the publisher wanted. */
function refuseUnsupported(headers: Headers): void {
  for (const name of headers.keys()) {
    if (name === "upstash-cron") {
      throw new RequestError(400, "Upstash-Cron: schedules are created by POST /v2/schedules/DESTINATION");
    }
    if (name.startsWith("upstash-workflow-")) {
      throw new RequestError(501, `${canonicalName(name)}: workflows are not offered by this gateway yet`);
    }
  }
}

function readCallback(source: Draft, part: Part, { headers, policy }: Source): Draft | undefined {
  const header = `Upstash-${part.slice(0, -1)}`;
  const url = headers.get(header);
  if (url === null) return undefined;
  const blank = { ...blankDraft(checkDestination(url, header, policy.allow), policy), retries: source.retries };
  return readPart({ ...blank, headers: { "Content-Type": "application/json" } }, part, { headers, policy });
}

/** Each header is looked at once: a batch has many, and most of them are to travel. */
function readPart(draft: Draft, part: Part, { headers, policy }: Source): Draft {
  const prefix = `upstash-${part}`.toLowerCase();
  const settings: Partial<Draft>[] = [];
  for (const [name, value] of headers) {
    const text = value.trim();
    const reader = name.startsWith(prefix) && text !== "" ? readers.get(name.slice(prefix.length)) : undefined;
    if (reader !== undefined) settings.push(reader.read(text, `Upstash-${part}${reader.name}`));
  }

  const flow = readFlow(part, headers);
  const read: Draft = Object.assign({}, draft, ...settings, flow && { flow });
  return {
    ...read,
    timeout: Math.min(read.timeout, policy.maxTimeout),
    headers: { ...draft.headers, ...travellingHeaders(part, headers) },
  };
}

interface Reader {
  /** Of the header, without its prefix. */
  readonly name: string;
  read(text: string, header: string): Partial<Draft>;
}

const knownReaders: readonly Reader[] = [
  { name: "Method", read: (text, header) => ({ method: readMethod(text, header) }) },
  { name: "Delay", read: (text, header) => ({ delay: readDuration(text, header) }) },
  { name: "Not-Before", read: (text, header) => ({ notBefore: readInteger(text, header) * 1000 }) },
  { name: "Retries", read: (text, header) => ({ retries: readInteger(text, header) }) },
  { name: "Retry-Delay", read: (text, header) => ({ retryDelay: readExpression(text, header) }) },
  { name: "Timeout", read: (text, header) => ({ timeout: readDuration(text, header) }) },
  { name: "Label", read: (text) => ({ labels: readList(text) }) },
  { name: "Redact-Fields", read: (text) => ({ redact: readList(text) }) },
];

/** By name, in lower case. */
const readers: ReadonlyMap<string, Reader> = new Map(knownReaders.map((reader) => [reader.name.toLowerCase(), reader]));

function readMethod(text: string, header: string): string {
  const method = text.toUpperCase();
  if (!methods.includes(method)) throw new RequestError(400, `${header}: "${text}" is none of ${methods.join(", ")}`);
  return method;
}

function readDuration(text: string, header: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined) {
    throw new RequestError(
      400,
      `${header}: "${text}" is not a duration; write 30s, 2h or 1d10h30m (units s, m, h, d; at most 100 years)`,
    );
  }
  return seconds;
}

function readInteger(text: string, header: string): number {
  if (!/^\d{1,11}$/.test(text)) throw new RequestError(400, `${header}: "${text}" is not a whole number from 0`);
  return Number(text);
}

function readExpression(text: string, header: string): string {
  try {
    parseExpression(text);
    return text;
  } catch (error) {
    throw new RequestError(400, `${header}: "${text}" is not a delay in milliseconds: ${String(error)}`);
  }
}

function readList(text: string): readonly string[] {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

function readFlow(part: Part, headers: Headers): FlowControl | undefined {
  const header = `Upstash-${part}Flow-Control-Value`;
  const key = headers.get(`Upstash-${part}Flow-Control-Key`);
  const text = headers.get(header);
  if (key === null && text === null) return undefined;
  if (key === null || text === null) {
    throw new RequestError(400, `Upstash-${part}Flow-Control-Key and ${header} only make sense together`);
  }

  const limits: Partial<FlowControl> = Object.assign({}, ...readList(text).map((item) => readFlowItem(item, header)));
  if (limits.parallelism === undefined && limits.rate === undefined) {
    throw new RequestError(400, `${header}: "${text}" sets neither parallelism=N nor rate=N`);
  }
  return { ...limits, key };
}

function readFlowItem(item: string, header: string): Partial<FlowControl> {
  const [name, text = ""] = item.split("=");
  if (name === "period") return { period: readPeriod(text, header) };
  if (name === "parallelism" || name === "rate") return { [name]: readLimit(name, text, header) };
  throw new RequestError(400, `${header}: "${item}" is none of parallelism=N, rate=N, period=DURATION (N from 1)`);
}

/**
 * Publisher's headers for the destination: those that are prefixed, or simply all (a webhook's sender cannot prefix); one
 * that is there in both ways is the prefixed one.
 */
function travellingHeaders(part: Part, headers: Headers): Record<string, string> {
  const prefix = `upstash-${part}forward-`.toLowerCase();
  const all = part === "" && headers.get("upstash-header-forward")?.toLowerCase() === "true";
  const plain: Record<string, string> = {};
  const prefixed: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (name.startsWith(prefix)) take(prefixed, name.slice(prefix.length), value);
    else if (all && !name.startsWith("upstash-")) take(plain, name, value);
  }
  return { ...plain, ...prefixed };
}

function take(travelling: Record<string, string>, name: string, value: string): void {
  if (name !== "" && mayTravel(name)) travelling[canonicalName(name)] = checkedValue(name, value);
}

/** Better to say so now than to fail at every delivery. */
function checkedValue(name: string, value: string): string {
  if (!canTravel(value)) throw new RequestError(400, `${name}: control characters cannot travel in a header`);
  return value;
}
