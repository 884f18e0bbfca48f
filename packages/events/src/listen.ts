/**
 * Listens to the events of an application's store, from a beginning on and until something ends it.
 *
 * @module
 */

import type { CallingApplication } from "@umbel/core";
import { secondsOf } from "@umbel/protocol";
import { type Beginning, feed, type Heard, lastKept } from "./feed.ts";
import type { EventStore } from "./monitor-beside.ts";
import type { ReceiveOptions } from "./receive-options.ts";
import { untilSilent } from "./silence.ts";

/** What of an application is needed to listen. */
export type EventsApplication = Pick<CallingApplication, "name" | "hasBackend" | "backend" | "platform" | "logger">;

/** Who listens. */
export interface Listener {
  readonly app: Pick<EventsApplication, "platform" | "logger">;
  readonly store: EventStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Yields envelopes as they come. Throws as {@link feed} does. */
export async function* listen(
  { app, store, now }: Listener,
  { timeout, signal, onReady, onLost = warner(app), onFound }: Omit<ReceiveOptions, "limit" | "since">,
  beginning: Beginning,
): AsyncGenerator<Heard, void> {
  const over = new AbortController();
  const { sleep } = app.platform;
  const end = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const heard = feed(beginning, { store, signal: end, now, sleep, onReady, onLost, onFound });
  const seconds = timeout === undefined ? undefined : secondsOf(timeout);
  try {
    yield* untilSilent(heard, { seconds, sleep, over });
  } finally {
    over.abort();
  }
}

function warner(app: Pick<EventsApplication, "logger">): (error: Error) => void {
  return ({ message }) => {
    const log = app.logger({ logger: "umbel.events" });
    log.warning(`The store of events is lost, and is tried until it answers: ${message}`);
  };
}

/** Here and now: behind all that is kept, whatever the time is to anybody. Throws `BackendUnavailable`. */
export async function fromNowOn(store: EventStore): Promise<Beginning> {
  const last = await lastKept(store);
  return last === undefined ? {} : { after: last.id };
}
