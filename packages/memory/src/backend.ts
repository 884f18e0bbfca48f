/**
 * The reference backend: what every other store does, readable in a minute.
 *
 * Values are kept in the form in which a real store keeps them, so that what does not survive JSON does not survive here.
 *
 * @module
 */

import type { Backend, CallerBackend, MonitorStore, ScheduleStore, StoredGroup } from "@umbel/protocol";
import { chordStore } from "./chords.ts";
import { type Deliveries, deliveries } from "./deliveries.ts";
import { eventLog } from "./event-log.ts";
import { expiringMap } from "./expiring.ts";
import { limitRequests } from "./limit-requests.ts";
import { memoryMonitor } from "./monitor.ts";
import { noticesTo } from "./notices.ts";
import type { TaskRecord } from "./record.ts";
import type { Results } from "./results.ts";
import { resultStore } from "./results.ts";
import { openRoll } from "./roll.ts";
import { memorySchedules } from "./schedules.ts";
import { standingDirectives } from "./standing-directives.ts";
import { type TextStore, textStore, withTexts } from "./texts.ts";

const name = "memory";

/** Options of {@link memoryBackend}. */
export interface MemoryBackendOptions {
  /** The store's clock, in milliseconds since 1970; the platform's when absent. */
  readonly now?: () => number;
  /** Most bytes of one call's request, as JSON: what is larger is refused, as real stores refuse it. Any number when absent. */
  readonly maxRequestSize?: number;
  /** Most events of the recent past that are kept; 10,000 when absent. */
  readonly eventsKept?: number;
}

/** A backend as {@link memoryBackend} makes it, with what stands beside it. */
export interface MemoryBackend extends Backend {
  /** Where an application's beats keep their entries. */
  readonly schedules: ScheduleStore;
  /** What operators look at and change. */
  readonly monitor: MonitorStore;
}

/** Creates a backend that keeps everything in this program's memory. */
export function memoryBackend(options: MemoryBackendOptions = {}): MemoryBackend {
  const { now = Date.now, maxRequestSize, eventsKept = 10_000 } = options;
  const { write, remove, ...results } = resultStore(now);
  const { texts, remove: removeTexts } = textStore(now);
  const { monitor, ...watched } = watchedDeliveries({ now, eventsKept, write });
  const attempts = { ...watched, claim: withTexts(watched.claim, texts) };
  const backend = {
    name,
    ...results,
    ...attempts,
    ...chordStore(now),
    ...texts,
    ...groupStore(now, { remove, removeTexts }),
  };
  if (maxRequestSize === undefined) return { ...backend, schedules: memorySchedules({ now }), monitor };
  return {
    ...limitRequests(backend, maxRequestSize),
    schedules: memorySchedules({ now, maxRequestSize }),
    monitor,
  };
}

/** Where the entries of beats are kept beside such a backend; undefined for another adapter's. */
export function schedulesInMemory(backend: CallerBackend): ScheduleStore | undefined {
  return isMemory(backend) ? backend.schedules : undefined;
}

/** What operators look at and change beside such a backend; undefined for another adapter's. */
export function monitorInMemory(backend: CallerBackend): MonitorStore | undefined {
  return isMemory(backend) ? backend.monitor : undefined;
}

function isMemory(backend: CallerBackend): backend is MemoryBackend {
  return backend.name === name && "schedules" in backend;
}

interface WatchedOptions {
  readonly now: () => number;
  readonly eventsKept: number;
  readonly write: Results["write"];
}

/** Deliveries, and what is seen of them. */
function watchedDeliveries({
  now,
  eventsKept,
  write,
}: WatchedOptions): Deliveries & Required<Pick<Backend, "emit">> & Pick<MemoryBackend, "monitor"> {
  const records = expiringMap<TaskRecord>(now);
  const seen = { events: eventLog({ now, eventsKept }), roll: openRoll(now), directives: standingDirectives() };
  return {
    ...deliveries({ now, records, write, notices: noticesTo(seen) }),
    monitor: memoryMonitor({ now, records, ...seen }),
    async emit(events) {
      seen.events.tell(events);
    },
  };
}

/** What deletes what is kept elsewhere. */
interface Removing {
  readonly remove: Results["remove"];
  readonly removeTexts: TextStore["remove"];
}

function groupStore(
  now: () => number,
  { remove, removeTexts }: Removing,
): Pick<Backend, "saveGroup" | "group" | "forget"> {
  const groups = expiringMap<StoredGroup>(now);

  return {
    async saveGroup(group, resultExpires) {
      groups.set(group.id, group, resultExpires);
    },

    async group(id) {
      return groups.get(id);
    },

    async forget(ids, gone = [], names = []) {
      remove(ids);
      removeTexts(names);
      for (const id of gone) groups.delete(id);
    },
  };
}
