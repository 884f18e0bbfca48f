/**
 * Many messages that follow one end: kept in the store, and sent by the worker that gets one message (delivery.md 4).
 *
 * A step that is followed by ten thousand calls would store all of them with its end, which is more than a store takes in one
 * request. Only a worker needs it.
 *
 * @module
 */

import { expand, signature } from "@umbel/canvas";
import {
  decodeEffects,
  encodeEffects,
  InvalidMessageError,
  namesOf,
  type Publication,
  type Reference,
  type SendEffect,
} from "@umbel/protocol";
import type { Application } from "./application.ts";
import { workerLogger } from "./log.ts";
import { childId } from "./identity.ts";
import { failUnsent, perform } from "./perform.ts";
import { printable } from "./printable.ts";
import { publicationOf } from "./publication.ts";
import { openShelf } from "./shelf.ts";
import { startName } from "./start.ts";

/**
 * One message in the place of more than a publish call takes; the same messages where nobody could keep them. Throws
 * `BackendUnavailable`, and `MessageTooLargeError` for what is too large for the store.
 */
export async function keptSends(
  app: Application,
  publications: readonly Publication[],
): Promise<readonly Publication[]> {
  const { maxBatch } = app.broker.traits;
  const [first] = publications;
  if (first === undefined || publications.length <= maxBatch || !app.hasBackend) return publications;
  const { headers } = first.message;
  const root = headers.root_id ?? headers.id;
  const shelf = openShelf(app, publications);
  const stored = shelf.put(root, textsOf(publications, maxBatch), shelf.until);
  await shelf.save();
  const id = childId(root, `start/${stored.hash}`);
  const options = { task_id: id, root_id: root, parent_id: headers.parent_id ?? null, ignore_result: true };
  return expand(signature(startName, { kwargs: { stored }, options })).map((call) => publicationOf(app, call));
}

/** What one publish call takes is one text. */
function textsOf(publications: readonly Publication[], maxBatch: number): readonly string[] {
  const sends = publications.map(toSend);
  const count = Math.ceil(sends.length / maxBatch);
  return Array.from({ length: count }, (_, nth) => encodeEffects(sends.slice(nth * maxBatch, (nth + 1) * maxBatch)));
}

function toSend(publication: Publication): SendEffect {
  return { kind: "send", publication };
}

/** Sends what was kept. Throws `InvalidMessageError` when it is gone, and what {@link perform} throws. */
export async function sendKept(app: Application, stored: Reference): Promise<void> {
  for (const name of namesOf(stored)) {
    const publications = await publicationsIn(app, name);
    if (publications === undefined)
      throw new InvalidMessageError("What is to be sent was kept in the store, and is gone: it has expired");
    await perform(app, publications.map(toSend));
  }
}

/** Ends what was kept, and all that waits for it, with an error; of what is gone only the log is told. */
export async function endKept(app: Application, stored: Reference, error: unknown): Promise<void> {
  let isLost = false;
  for (const name of namesOf(stored)) {
    const publications = await publicationsIn(app, name);
    const ends = await Promise.all((publications ?? []).map(async (each) => await failUnsent(app, each, error)));
    await perform(app, ends.flat());
    isLost ||= publications === undefined;
  }
  if (isLost) tellLost(app, stored);
}

/** What is kept under a name; undefined for what is gone, or is no such thing: then we have not written it. */
async function publicationsIn(app: Application, name: string): Promise<readonly Publication[] | undefined> {
  const [text] = await app.backend.loadAll([name]);
  try {
    const effects = text === undefined ? undefined : decodeEffects(text);
    return effects?.flatMap((each) => (each.kind === "send" ? [each.publication] : []));
  } catch (error) {
    if (error instanceof InvalidMessageError) return undefined;
    throw error;
  }
}

function tellLost(app: Application, { root }: Reference): void {
  app
    .logger({ logger: workerLogger })
    .critical(`Calls of ${printable(root)} were kept in the store, and are gone: nobody is told of their end`);
}
