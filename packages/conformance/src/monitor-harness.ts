/**
 * What the monitor store's suite needs, and builders of what is told.
 *
 * @module
 */

import {
  type ClaimNotes,
  type DirectivesChange,
  encodeEvent,
  eventChannel,
  type EventLetter,
  type KeptDirectives,
  type Listing,
  type ListingRequest,
  type MonitorStore,
  type Sighting,
} from "@umbel/protocol";
import { type BackendHarness, eventually } from "./backend-harness.ts";
import { newId } from "./requests.ts";

/** A monitor's store under test, and the backend that is told what it shows. */
export interface MonitorStoreHarness extends BackendHarness {
  /** It has nothing yet, and nobody else uses it: where a server is shared, each has a prefix of its own. */
  readonly store: MonitorStore;
  /** Whether it can be subscribed to. Where it cannot, `live` only says at times that something may have been missed. */
  readonly isHeard: boolean;
  /** Publishes an event as a sender does that is none of ours. Absent where there are no others. */
  publish?(letter: EventLetter): Promise<void>;
}

/** Makes a store ready that is empty. */
export type StartMonitorStore = () => MonitorStoreHarness | Promise<MonitorStoreHarness>;

/** An event, each with another text. */
export function letterOf(type: string): EventLetter {
  const event = { type, hostname: "worker@shop", timestamp: 1_767_225_600.5, uuid: newId(), note: "æ 漢 🌼 \" '\n\\" };
  return { channel: eventChannel(type), text: encodeEvent(event, { deliveryTag: newId() }) };
}

/** What a claim of `shop.add` from the default queue tells: nothing to whoever watches, and that it knows no directives. */
export function notesOf(about: Partial<ClaimNotes> = {}): ClaimNotes {
  return { worker: "worker@shop", queue: "default", task: "shop.add", about: "{}", directives: "", ...about };
}

/** A worker that is online for longer than any test takes. */
export function sightingOf(about: Partial<Sighting> = {}): Sighting {
  return { worker: "worker@shop", text: "{}", life: 600, ...about };
}

/** Asks for nothing, where nobody has asked for anything. */
export function changeOf(about: Partial<DirectivesChange> = {}): DirectivesChange {
  return { from: "", text: "{}", paused: [], drained: [], ...about };
}

/** Changes the directives, which nobody else does in a test; what they are then. */
export async function direct(
  { store }: MonitorStoreHarness,
  about: Partial<DirectivesChange> = {},
): Promise<KeptDirectives> {
  const directives = await store.direct(changeOf(about));
  if (directives === undefined) throw new Error("somebody else has changed the directives");
  return directives;
}

/** The texts of all that was kept, oldest first. */
export async function keptTexts(store: MonitorStore): Promise<readonly string[]> {
  const { events } = await store.past({ limit: 1000 });
  return events.map(({ text }) => text);
}

/** The texts of letters. */
export function textsOf(...letters: readonly EventLetter[]): readonly string[] {
  return letters.map(({ text }) => text);
}

/** What has come while somebody follows what is published. */
export interface Followed {
  /** The events that have come so far. */
  readonly texts: readonly string[];
  /** How often it was said that some may have been missed, the beginning included. */
  gaps(): number;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

/**
 * Follows what is published until the signal aborts; every event comes from when it resolves on. The signal is to abort when the
 * test ends, at the latest.
 */
export async function follow(harness: MonitorStoreHarness, signal: AbortSignal): Promise<Followed> {
  const texts: string[] = [];
  let gaps = 0;
  const ended = read(harness.store.live(signal));
  await eventually(harness, async () => gaps, Boolean);
  return { texts, gaps: () => gaps, ended };

  async function read(items: AsyncIterable<string | undefined>): Promise<void> {
    for await (const item of items) {
      if (item === undefined) gaps += 1;
      else texts.push(item);
    }
  }
}

/** All pages of a list, each as it came. */
export async function pagesOf<Item>(
  ask: (request: ListingRequest) => Promise<Listing<Item>>,
  limit: number,
): Promise<readonly (readonly Item[])[]> {
  const pages: (readonly Item[])[] = [];
  let cursor: string | undefined;
  do {
    const page: Listing<Item> = await ask({ limit, ...(cursor !== undefined && { cursor }) });
    pages.push(page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && pages.length < 100);
  return pages;
}
