/**
 * What the store has been told, as a monitor reads it.
 *
 * @module
 */

import { decodeAnnouncement, decodeEvents, type Announcement, type EventBody } from "@umbel/protocol";
import type { World } from "./world.ts";

type Store = Pick<World, "backend">;

/** All kept events, oldest first. */
export async function eventsIn({ backend }: Store): Promise<readonly EventBody[]> {
  const { events } = await backend.monitor.past({ limit: 100_000 });
  const bodies = await Promise.all(events.map(async ({ text }) => await decodeEvents(text)));
  return bodies.flat();
}

/** Those of tasks. */
export async function taskEventsIn(store: Store): Promise<readonly EventBody[]> {
  const all = await eventsIn(store);
  return all.filter(({ type }) => type.startsWith("task-"));
}

/** Their types, without the group. */
export async function typesIn(store: Store): Promise<readonly string[]> {
  const all = await taskEventsIn(store);
  return all.map(({ type }) => type.slice("task-".length));
}

/** What the workers that are online say of themselves, by name. */
export async function announcementsIn({ backend }: Store): Promise<ReadonlyMap<string, Announcement>> {
  const workers = await backend.monitor.workers();
  return new Map(workers.map(({ worker, text }) => [worker, decodeAnnouncement(text)]));
}
