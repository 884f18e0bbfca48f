/**
 * Where a reader of a stream has been, as the id of a server-sent event: it comes back with it, and misses nothing.
 *
 * An event that came live has no place of its own; its id is the last place that is known before it, and its digest.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { Beginning, Heard } from "./feed.ts";
import type { EventStore } from "./monitor-beside.ts";

/** Most events of one reading. */
const page = 500;

const written = /^(?<place>[\w.-]{0,64})(?:~(?<digest>[\da-f]{16}))?$/;

/** The id of an event. */
export async function placeOf({ text, place = "", isAtPlace }: Heard): Promise<string> {
  return isAtPlace ? place : `${place}~${await digestOf(text)}`;
}

/**
 * Behind the event that had an id. Where that event is not kept, a Python worker's say, what is kept behind the last place
 * before it comes once more. Throws `ImproperlyConfigured` for what is no id, and `BackendUnavailable`.
 */
export async function behind(store: EventStore, id: string): Promise<Beginning> {
  const { place, digest } = written.exec(id)?.groups ?? {};
  if (place === undefined) throw new ImproperlyConfigured("This is the id of no event");
  const last = place === "" ? {} : { after: place };
  if (digest !== undefined) return (await find(store, last, digest)) ?? last;
  // The store knows what its places look like: it is asked before the stream begins, which nothing could refuse any more.
  await store.past({ ...last, limit: 1 });
  return last;
}

async function find(store: EventStore, from: Beginning, digest: string): Promise<Beginning | undefined> {
  for (let next: Beginning | undefined = from; next !== undefined;) {
    const { events, more } = await store.past({ ...next, limit: page });
    for (const { id, text } of events) {
      if ((await digestOf(text)) === digest) return { after: id };
    }
    const last = events.at(-1);
    next = more && last !== undefined ? { after: last.id } : undefined;
  }
  return undefined;
}

/** Tells two envelopes apart: each has a tag of its own. */
async function digestOf(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
