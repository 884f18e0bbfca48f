/**
 * Who replays first says with what: the store keeps a text for each sending, which never changes.
 *
 * Sendings of one task share an id, so only one of them runs. The same replay done twice is one; another one, with other arguments,
 * has to be told that it does not run.
 *
 * @module
 */

import { childId } from "@umbel/core";
import { writeJson } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import type { ReplayOptions, UnreplayedTask } from "./replayed.ts";

/** A task that is about to be sent. */
export interface Reserved {
  /** Of the task that is replayed. */
  readonly id: string;
  /** The same for whatever would run only once. */
  readonly sending: string;
}

/** What makes one replay other than another. */
export type Edit = Pick<ReplayOptions, "args" | "asNew" | "kwargs">;

/** Seconds for which the first one counts: as long as a broker goes on delivering what was sent. */
const lifetime = 86_400;

/**
 * Reserves sendings for an edit. Returns those that were begun with another one; whoever does the same again goes on.
 * Nothing is reserved without a backend. Throws `BackendUnavailable`, and `EncodeError` for arguments that cannot be sent.
 */
export async function reserve(
  { app }: Desk,
  reserved: readonly Reserved[],
  { args, kwargs, asNew = false }: Edit,
): Promise<readonly UnreplayedTask[]> {
  if (!app.hasBackend || reserved.length === 0) return [];
  const edit = writeJson([args ?? null, kwargs ?? null, asNew]);
  const texts = reserved.map((each) => ({ name: nameOf(each), text: childId(each.id, edit) }));
  await app.backend.saveAll(texts, lifetime);
  const kept = await app.backend.loadAll(texts.map(({ name }) => name));
  return reserved.flatMap(({ id }, nth) => (kept[nth] === texts[nth]?.text ? [] : [{ id, reason }]));
}

/**
 * Frees sendings that were refused for good: they will not run, so others may. Where the store is away this is only logged: the
 * same edit can be given again all the same.
 */
export async function release({ app }: Desk, refused: readonly Reserved[]): Promise<void> {
  if (!app.hasBackend || refused.length === 0) return;
  try {
    await app.backend.forget([], [], refused.map(nameOf));
  } catch (error) {
    const text = `What was refused can be sent again with other arguments only after a day: ${String(error)}`;
    app.logger({ logger: "umbel.control" }).warning(text);
  }
}

function nameOf({ id, sending }: Reserved): string {
  return `replay:${childId(id, sending)}`;
}

const reason =
  "it is being sent again with other arguments, and runs with those: the same ones can be given again, others after a day";
