/**
 * What the scripts answer to operators, in the words of the port. What cannot be read of a record, which a program of another
 * version may have written, is left out of what is shown: nobody could look at anything else because of it.
 *
 * @module
 */

import {
  BackendUnavailable,
  type KeptDirectives,
  type KeptEvent,
  type PastEvents,
  type PastRequest,
  type SeenWorker,
  type StoreCounts,
  type TaskRecordView,
} from "@umbel/protocol";
import { isRecordState } from "./answer.ts";
import { wordsOfView } from "./scripts/view.ts";

/** Elements of a list; throws for what is none. */
export function listIn(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new BackendUnavailable(`upstash-redis: a script answered ${JSON.stringify(reply)}`);
}

/** The answer of `pastEvents`, the oldest first whatever was asked for; nothing is behind the newest. */
export function pastIn(reply: unknown, { newest = false }: PastRequest): PastEvents {
  const [rows, more] = listIn(reply);
  const events = tuplesIn(rows, 2).map(eventIn);
  return newest ? { events: events.toReversed(), more: false } : { events, more: more === 1 };
}

function eventIn([id = "", text = ""]: readonly string[]): KeptEvent {
  return { id, at: Number(id.split("-")[0]), text };
}

/** A row of the answer of `listWorkers`. */
export function workerIn(row: unknown): SeenWorker {
  const [worker, until, text, totals] = listIn(row);
  const counts = tuplesIn(totals, 2).map(([task = "", count]) => [task, Number(count)] as const);
  return { worker: String(worker), text: String(text), until: Number(until), totals: Object.fromEntries(counts) };
}

/** Where a page has ended, unless it is the last. */
export function cursorIn(end: unknown): { readonly cursor: string } | undefined {
  return typeof end === "string" && end !== "" ? { cursor: end } : undefined;
}

/** A record, and the key under which it is. */
export interface ShownRecord {
  readonly key: string;
  /** Undefined when there is none. */
  readonly view: Omit<TaskRecordView, "id"> | undefined;
}

/** Rows of `showRecords`. */
export function recordsIn(rows: unknown): readonly ShownRecord[] {
  return tuplesIn(rows, wordsOfView).map(([key = "", ...words]) => ({ key, view: viewIn(words) }));
}

function viewIn([attempt, lease, state, mark, about]: readonly string[]): ShownRecord["view"] {
  if (!attempt && !state && !mark) return undefined;
  return { ...(about && { about }), ...heldIn(attempt, lease), ...endIn(state, mark) };
}

/** The attempt is a list, as scripts/record.ts has it. */
function heldIn(attempt: string | undefined, lease: string | undefined): ShownRecord["view"] {
  if (!attempt) return {};
  const [startedAt, leaseUntil] = [instantIn(elementIn(attempt, 5)), instantIn(lease)];
  return { ...(startedAt !== undefined && { startedAt }), ...(leaseUntil !== undefined && { leaseUntil }) };
}

function elementIn(text: string, at: number): unknown {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list[at] : undefined;
  } catch {
    return undefined;
  }
}

/** Milliseconds since 1970, in decimal. */
function instantIn(word: unknown): number | undefined {
  return typeof word === "string" && /^\d+$/.test(word) ? Number(word) : undefined;
}

function endIn(state: string | undefined, mark: string | undefined): ShownRecord["view"] {
  const isMark = mark === "revoked" || mark === "terminated";
  return { ...(state && isRecordState(state) && { state }), ...(isMark && { mark }) };
}

/** Keys and scores of the answer of `listRevoked`. */
export function revokedIn(rows: unknown): readonly { readonly key: string; readonly until: number }[] {
  return tuplesIn(rows, 2).map(([key = "", until]) => ({ key, until: Number(until) }));
}

/** The answer of `countAll`. */
export function countsIn(reply: unknown): StoreCounts {
  const [workers = 0, active = 0, revoked = 0, events = 0] = listIn(reply).map(Number);
  return { workers, active, revoked, events };
}

/** The answer of `showDirectives`. */
export function directivesIn(reply: unknown): KeptDirectives | undefined {
  const [revision, text] = listIn(reply);
  return typeof revision === "string" && typeof text === "string" ? { revision, text } : undefined;
}

/** So many words at a time. */
function tuplesIn(rows: unknown, size: number): readonly (readonly string[])[] {
  const words = listIn(rows).map(String);
  return Array.from({ length: words.length / size }, (_, nth) => words.slice(nth * size, (nth + 1) * size));
}
