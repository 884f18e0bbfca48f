/**
 * What real Celery clients sent for a canvas, in a form that ours can be compared with.
 *
 * Left out of the comparison, on both sides, because it is settled elsewhere or says nothing: `reply_to`, nulls, the
 * root (Celery's is the first message sent, ours the call), the parent of a chord's body (Celery's is whatever joined
 * the chord, ours the last member, so that a second join says the same), what Celery writes into the members of a nested canvas
 * although it is read only when that is applied (`chord`, `group_id`, `group_index`), the ids of chains and chords (which
 * are their last step's and body's), and our own `chord_size`. Ids are numbered in the order in which they appear.
 *
 * @module
 */

import { existsSync, readFileSync } from "node:fs";
import type { Call } from "@umbel/canvas";
import { decodeSignature, type Signature, type SignatureOptions, type TaskEmbed } from "@umbel/protocol";

const folder = new URL("../../../../shared/fixtures/celery-wire/", import.meta.url);

/** Whether the captures lie beside this checkout. */
export const hasCaptures: boolean = existsSync(folder);

if (!hasCaptures) {
  if (process.env["UMBEL_REQUIRE_ALL"] === "1")
    throw new Error("The captures of Celery are missing beside this checkout");
  console.warn(
    "Skipped: canvases against captures of Celery, for shared/fixtures/celery-wire is not beside this checkout",
  );
}

interface Captured {
  readonly python: string;
  readonly messages: readonly {
    readonly envelope: { readonly headers: Readonly<Record<string, unknown>> };
    readonly body: readonly [readonly unknown[], Readonly<Record<string, unknown>>, TaskEmbed];
  }[];
}

/** The messages of a capture, as they compare: what a client sent, or all of a run. */
export function capturedCalls(name: string): unknown {
  const { messages }: Captured = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
  return compared(
    messages.map(({ envelope: { headers }, body: [args, kwargs, embed] }) =>
      messageOf({ id: headers["id"], task: headers["task"], args, kwargs }, headers, embed),
    ),
  );
}

/** Our calls, as they compare. */
export function comparable(calls: readonly Call[]): unknown {
  return compared(
    calls.map(({ id, task, args, kwargs, options, embed }) =>
      messageOf({ id, task, args, kwargs }, { ...options, group: options.group_id }, embed),
    ),
  );
}

interface Message {
  readonly id: unknown;
  readonly task: unknown;
  readonly args: readonly unknown[];
  readonly kwargs: unknown;
}

function messageOf(call: Message, place: Readonly<Record<string, unknown>>, embed: TaskEmbed): Message {
  const { group, group_index: index, parent_id: parent } = place;
  const isBody = call.args.some(Array.isArray);
  return { ...call, ...present({ group, index, ...(isBody ? {} : { parent }) }), ...embedded(embed) };
}

/** Side by side any order is right, so messages are put into that of their tasks and arguments. */
function compared(messages: readonly Message[]): unknown {
  const key = ({ task, args }: Message) => JSON.stringify([task, args]);
  return numbered(messages.toSorted((one, other) => (key(one) < key(other) ? -1 : 1)));
}

function embedded({ callbacks, errbacks, chain, chord }: TaskEmbed): object {
  return present({
    callbacks: callbacks?.map(applied),
    errbacks: errbacks?.map(applied),
    chain: (chain ?? []).map(applied),
    chord: chord ? bodyOf(chord) : null,
  });
}

/** A signature whose options have been set by whoever applied the canvas around it. */
function applied(signature: Signature): unknown {
  const isCanvas = signature.subtask_type !== null && signature.subtask_type !== "group";
  return picture(signature, isCanvas ? ["task_id"] : []);
}

/** A chord's body. Celery 5.6 writes the header's group into it, where 5.2 and we do not, and nobody reads it. */
function bodyOf(signature: Signature): unknown {
  const isMember = signature.options.chord !== null && signature.options.chord !== undefined;
  return picture(signature, [
    ...(isMember ? [] : ["group_id"]),
    ...(signature.subtask_type === null ? [] : ["task_id"]),
  ]);
}

/** A signature that waits inside a canvas. */
function waiting(signature: Signature): unknown {
  return picture(signature, [
    "chord",
    "group_id",
    "group_index",
    ...(signature.subtask_type === null ? [] : ["task_id"]),
  ]);
}

function picture({ task, args, kwargs, options, immutable }: Signature, without: readonly string[]): unknown {
  return { task, args, kwargs: partsOf(kwargs), options: optionsOf(options, without), immutable };
}

function partsOf({ tasks, header, body, ...rest }: Readonly<Record<string, unknown>>): object {
  return {
    ...rest,
    ...(Array.isArray(tasks) ? { tasks: tasks.map((each) => waiting(decodeSignature(each))) } : {}),
    ...(header === undefined ? {} : { header: partsOf(decodeSignature(header).kwargs) }),
    ...(body === undefined ? {} : { body: waiting(decodeSignature(body)) }),
  };
}

const unread = new Set(["reply_to", "add_to_parent", "immutable", "chord_size", "root_id", "parent_id"]);

function optionsOf(options: SignatureOptions, without: readonly string[]): object {
  const { chord, chain, link, link_error: linkError, ...rest } = options;
  const kept = Object.entries(rest).filter(([key]) => !unread.has(key) && !without.includes(key));
  return {
    ...present(Object.fromEntries(kept)),
    ...(chord && !without.includes("chord") ? { chord: bodyOf(chord) } : {}),
    ...present({ chain: (chain ?? []).map(applied), link: [link ?? []].flat(), link_error: [linkError ?? []].flat() }),
  };
}

/** Without nulls and empty lists. */
function present(record: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== null && value !== undefined && !isEmpty(value)),
  );
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

const idKeys = new Set(["id", "group", "parent", "task_id", "group_id"]);

/** The same with every id replaced by the order of its first appearance, keys taken in alphabetical order. */
function numbered(value: unknown, seen: Map<unknown, string> = new Map<unknown, string>()): unknown {
  if (Array.isArray(value)) return value.map((each) => numbered(each, seen));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, part]) => {
      if (!idKeys.has(key) || typeof part !== "string") return [key, numbered(part, seen)];
      const name = seen.get(part) ?? `id ${seen.size}`;
      seen.set(part, name);
      return [key, name];
    }),
  );
}
