/**
 * Envelopes of events as they come: those of the past first, then each as it is published, none twice and none left out.
 *
 * The past is read whenever some may have been missed: at the beginning, after a subscription broke off, and again and again where a
 * store cannot be subscribed to. What others publish, a Python worker say, is not kept, and comes live only.
 *
 * @module
 */

import { type KeptEvent, type PastEvents, UmbelError } from "@umbel/protocol";
import { Bookmark } from "./bookmark.ts";
import type { EventStore } from "./monitor-beside.ts";

/** Where to begin: behind a place, or at an instant in milliseconds since 1970; with neither, at the first that is kept. */
export interface Beginning {
  readonly after?: string;
  readonly since?: number;
}

/** What a feed needs. */
export interface Feeding {
  readonly store: EventStore;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many seconds; rejects when the signal aborts first. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** Called once every event from then on will come. */
  readonly onReady?: (() => void) | undefined;
  /** Called when the store cannot be reached any more: once, until it can be again. */
  readonly onLost: (error: UmbelError) => void;
  /** Called when it answers again: once for each time that it was lost. */
  readonly onFound?: (() => void) | undefined;
}

/** An envelope, and when it came. */
export interface Heard {
  readonly text: string;
  /** Milliseconds since 1970: by the store's clock where it was kept, else by ours. */
  readonly at: number;
  /** All that was kept up to this place has been heard. */
  readonly place: string | undefined;
  /** Whether the place is its own. */
  readonly isAtPlace: boolean;
}

/** Most events of one reading. */
const page = 500;

/** Seconds until a lost store is tried again: at first, and at most. */
const pauses = { first: 0.1, longest: 5, growth: 2 };

/** The last event that is kept; undefined while there is none. Throws `BackendUnavailable`. */
export async function lastKept(store: EventStore): Promise<KeptEvent | undefined> {
  const { events } = await store.past({ newest: true, limit: 1 });
  return events.at(-1);
}

/**
 * Yields envelopes until the signal aborts. Throws `BackendUnavailable` while it has not begun; a store that is lost later is
 * tried until it answers, and what was kept meanwhile is caught up with.
 */
export async function* feed(beginning: Beginning, feeding: Feeding): AsyncGenerator<Heard, void> {
  const { after, since } = beginning;
  const course: Course = { bookmark: new Bookmark(after), since, hasBegun: false, isLost: false, pause: undefined };
  while (!feeding.signal.aborted) {
    try {
      yield* subscription(course, feeding);
    } catch (error) {
      bear(error, course, feeding);
    }
    await rest(course, feeding);
  }
}

/** What a feed knows for as long as it lasts. */
interface Course {
  readonly bookmark: Bookmark;
  readonly since: number | undefined;
  /** Whether the past was read once. */
  hasBegun: boolean;
  /** Whether it was told that the store cannot be reached. */
  isLost: boolean;
  /** Seconds of the last rest; undefined once the store has answered after it. */
  pause: number | undefined;
}

async function* subscription(course: Course, feeding: Feeding): AsyncGenerator<Heard, void> {
  const { bookmark } = course;
  const { store, signal, now, onFound } = feeding;
  for await (const text of store.live(signal)) {
    if (signal.aborted) return;
    if (text === undefined) bookmark.subscribe();
    else if (bookmark.hear(text)) yield { text, at: now(), place: bookmark.place, isAtPlace: false };
    if (text === undefined || bookmark.isReadingDue) yield* missed(course, feeding);
    else if (bookmark.isMarkDue) bookmark.mark(await lastKept(store));
    course.pause = undefined;
    if (course.isLost) onFound?.();
    course.isLost = false;
  }
}

/** What was kept since the place. */
async function* missed(course: Course, { store, signal, onReady }: Feeding): AsyncGenerator<Heard, void> {
  const { bookmark, since } = course;
  let past: PastEvents;
  do {
    const from = bookmark.place === undefined ? { ...(since !== undefined && { since }) } : { after: bookmark.place };
    past = await store.past({ ...from, limit: page });
    for (const event of past.events) {
      if (signal.aborted) return;
      if (bookmark.read(event)) yield { text: event.text, at: event.at, place: event.id, isAtPlace: true };
    }
  } while (past.more && past.events.length > 0);
  bookmark.endReading();
  if (!course.hasBegun) onReady?.();
  course.hasBegun = true;
}

/** Throws what does not pass by itself, and anything at the beginning. */
function bear(error: unknown, course: Course, { signal, onLost }: Feeding): void {
  if (signal.aborted) return;
  if (!course.hasBegun || !(error instanceof UmbelError && error.transient)) throw error;
  if (!course.isLost) onLost(error);
  course.isLost = true;
}

async function rest(course: Course, { sleep, signal }: Feeding): Promise<void> {
  const { first, longest, growth } = pauses;
  course.pause = course.pause === undefined ? first : Math.min(longest, course.pause * growth);
  try {
    await sleep(course.pause, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
