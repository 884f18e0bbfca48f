/**
 * What real Celery clients sent for a canvas, in a form that ours can be compared with.
 *
 * Left out of the comparison, on both sides, because it is settled elsewhere or says nothing: `reply_to`, nulls, the
 * root (Celery's is the first message sent, ours the call), what Celery writes into the members of a nested canvas
 * although it is read only when that is applied (`chord`, `group_id`, `group_index`), the ids of chains and chords (which
 * are their last step's and body's), and our own `chord_size`. Ids are numbered in the order in which they appear.
 *
 * @module
 */

import { existsSync, readFileSync } from "node:fs";
import type { Call } from "@umbel/canvas";
import { decodeSignature, type Signature, type SignatureOptions, type TaskEmbed } from "@umbel/protocol";

const folder = new URL("../../../../shared/fixtures/celery-wire/5.6.3/", import.meta.url);

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
    readonly by: string;
    readonly envelope: { readonly headers: Readonly<Record<string, unknown>> };
    readonly body: readonly [readonly unknown[], Readonly<Record<string, unknown>>, TaskEmbed];
  }[];
}

/** The messages of a capture that one process sent, as they compare. */
export function capturedCalls(name: string, by: "client" | "worker-child" = "client"): unknown {
  const { messages }: Captured = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
  const sent = messages.filter((each) => each.by === by);
  return numbered(
    sent.map(({ envelope: { headers }, body: [args, kwargs, embed] }) =>
      messageOf({ id: headers["id"], task: headers["task"], args, kwargs }, headers, embed),
    ),
  );
}

/** Our calls, as they compare. */
export function comparable(calls: readonly Call[]): unknown {
  return numbered(
    calls.map(({ id, task, args, kwargs, options, embed }) =>
      messageOf({ id, task, args, kwargs }, { ...options, group: options.group_id }, embed),
    ),
  );
}

function messageOf(call: object, place: Readonly<Record<string, unknown>>, embed: TaskEmbed): object {
  const { group, group_index: index, parent_id: parent } = place;
  return { ...call, ...present({ group, index, parent }), ...embedded(embed) };
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
