/**
 * Requests to control: what strangers write into queries and bodies.
 *
 * @module
 */

import { ImproperlyConfigured, InvalidMessageError, parseJson, readDate } from "@umbel/protocol";
import type { Context } from "hono";
import * as z from "zod/mini";
import type { ListedState, PageRequest, QueueSelection } from "./control.ts";
import type { InspectOptions } from "./inspect.ts";
import type { ReplayFilter, ReplayOptions } from "./replayed.ts";
import { strictly } from "./strictly.ts";
import type { Whom } from "./whom.ts";

type ShapeOf<T> = { readonly [K in keyof T]-?: z.ZodMiniType<T[K]> };

const texts = z.array(z.string("expected a text"), "expected a list of texts");

const whomShape = {
  destination: z.exactOptional(texts),
  pattern: z.exactOptional(z.string("expected a text")),
  matcher: z.exactOptional(z.enum(["glob", "pcre"], "expected glob or pcre")),
} satisfies ShapeOf<Whom>;

const Whom: z.ZodMiniType<Whom> = z.object(whomShape, "expected a JSON object");

/** Who is told, and all else: the arguments. Throws `ImproperlyConfigured`. */
export function whomIn(body: string): { readonly whom: Whom; readonly args: Readonly<Record<string, unknown>> } {
  const given = objectIn(body);
  const { destination: _d, pattern: _p, matcher: _m, ...args } = given;
  return { whom: read(Whom, given), args };
}

/** The same of a query: lists are separated by commas. Throws `ImproperlyConfigured`. */
export function argumentsIn({ req }: Context): { readonly whom: InspectOptions; readonly args: unknown } {
  const { destination, pattern, matcher, limit, ids, taskinfoitems, with_defaults: withDefaults } = req.query();
  const whom = { ...listUnder("destination", destination), ...under("pattern", pattern), ...under("matcher", matcher) };
  const args = {
    ...listUnder("ids", ids),
    ...listUnder("taskinfoitems", taskinfoitems),
    ...(withDefaults === undefined ? {} : { with_defaults: withDefaults !== "false" && withDefaults !== "0" }),
  };
  return { whom: { ...read(Whom, whom), ...limitIn(limit) }, args };
}

/** Which tasks are listed. Throws `ImproperlyConfigured`. */
export function listedIn({ req }: Context): ListedState {
  const state = req.param("state");
  if (state === "active" || state === "reserved" || state === "scheduled") return state;
  throw new ImproperlyConfigured(`There are no tasks/${state}: there are active, reserved and scheduled`);
}

/** Most of anything in one answer. */
const largestPage = 1000;

/** Which part is wanted: `cursor`, `limit`, and `queues`, separated by commas. Throws `ImproperlyConfigured`. */
export function listing({ req }: Context): PageRequest {
  const { cursor, limit, queues } = req.query();
  return {
    ...under("cursor", cursor),
    ...listUnder("queues", queues),
    ...limitIn(limit),
  };
}

/** Throws `ImproperlyConfigured`. */
function limitIn(text: string | undefined): { readonly limit?: number } {
  if (text === undefined) return {};
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= largestPage) return { limit };
  throw new ImproperlyConfigured(`limit is ${JSON.stringify(text)}: give a whole number from 1 to ${largestPage}`);
}

/** Everything is meant, in so many words: nothing that was left out by mistake may come to that. */
interface Everything {
  readonly all?: true;
}

const all = z.exactOptional(z.literal(true, "expected true, or nothing"));

type PurgeBody = QueueSelection & Everything;

const purgeShape = { queues: z.exactOptional(texts), all } satisfies ShapeOf<PurgeBody>;

const PurgeBody: z.ZodMiniType<PurgeBody> = z.strictObject(purgeShape, strictly);

/** What is purged. Throws `ImproperlyConfigured`. */
export function purgeIn(body: string): QueueSelection {
  const { all: isAll, ...selection } = read(PurgeBody, objectIn(body));
  checkExtent(isAll, selection, `{ "queues": [...] }`);
  return selection;
}

/** Throws `ImproperlyConfigured` unless it is said what is meant: some, or all. */
function checkExtent(isAll: true | undefined, some: object, example: string): void {
  const isSome = Object.keys(some).length > 0;
  if (isSome !== (isAll === true)) return;
  const wrong = isSome ? "all is true, and so is a choice given: they contradict" : "it does not say what is meant";
  throw new ImproperlyConfigured(`The request: ${wrong}; give ${example}, or { "all": true } for everything`);
}

const date = "expected an ISO 8601 date and time, or milliseconds";

const instant = z.pipe(
  z.union([z.number(), z.string().check(z.refine(isDate, date))], date),
  z.transform((at) => (typeof at === "number" ? at : millisecondsIn(at))),
);

/** A replay as JSON. */
type ReplayBody = Everything & ReplayFilter & ReplayOptions;

const replayShape = {
  task: z.exactOptional(z.string("expected a name, or a pattern")),
  queue: z.exactOptional(z.string("expected a name")),
  ids: z.exactOptional(texts),
  since: z.exactOptional(instant),
  until: z.exactOptional(instant),
  args: z.exactOptional(z.array(z.unknown(), "expected a list")),
  kwargs: z.exactOptional(z.record(z.string(), z.unknown(), "expected an object")),
  asNew: z.exactOptional(z.boolean("expected true or false")),
  dryRun: z.exactOptional(z.boolean("expected true or false")),
  all,
} satisfies ShapeOf<ReplayBody>;

const ReplayBody: z.ZodMiniType<ReplayBody> = z.strictObject(replayShape, strictly);

/** What is replayed, and how. Throws `ImproperlyConfigured`. */
export function replayIn(body: string): { readonly filter: ReplayFilter; readonly options: ReplayOptions } {
  const { all: isAll, args, kwargs, asNew, dryRun, ...filter } = read(ReplayBody, objectIn(body));
  checkExtent(
    isAll,
    filter,
    `{ "task": "...", "queue": "...", "ids": [...], "since": ..., "until": ... }, or some of it`,
  );
  const options = {
    ...(args === undefined ? {} : { args }),
    ...(kwargs === undefined ? {} : { kwargs }),
    ...(asNew === undefined ? {} : { asNew }),
    ...(dryRun === undefined ? {} : { dryRun }),
  };
  return { filter, options };
}

/** Which dead letters are listed. Throws `ImproperlyConfigured`. */
export function filterIn({ req }: Context): ReplayFilter {
  const { task, queue, ids, since, until } = req.query();
  const given = { ...under("task", task), ...under("queue", queue), ...listUnder("ids", ids) };
  return read(ReplayBody, { ...given, ...under("since", since), ...under("until", until) });
}

function isDate(text: string): boolean {
  try {
    return Number.isFinite(millisecondsIn(text));
  } catch {
    return false;
  }
}

/** A query has numbers as digits. Throws as `readDate`. */
function millisecondsIn(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : readDate(text);
}

/** Throws `ImproperlyConfigured` that names the field. */
function read<Value>(schema: z.ZodMiniType<Value>, given: unknown): Value {
  const outcome = schema.safeParse(given);
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "" : ` ${issue.path.map(String).join(".")}:`;
  throw new ImproperlyConfigured(`The request:${place} ${issue?.message ?? "makes no sense"}`);
}

/** An empty body is an empty object. Throws `ImproperlyConfigured`. */
function objectIn(body: string): Readonly<Record<string, unknown>> {
  return read(z.record(z.string(), z.unknown(), "expected a JSON object"), body === "" ? {} : jsonIn(body));
}

function jsonIn(body: string): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof InvalidMessageError)) throw error;
    throw new ImproperlyConfigured(`The body is no JSON: ${error.message}`, { cause: error });
  }
}

function under(name: string, value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [name]: value };
}

function listUnder(name: string, value: string | undefined): Readonly<Record<string, readonly string[]>> {
  return value === undefined ? {} : { [name]: value.split(",").filter((each) => each !== "") };
}
