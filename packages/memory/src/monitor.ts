/**
 * The reference of what operators look at and change.
 *
 * @module
 */

import type { MonitorStore } from "@umbel/protocol";
import type { ExpiringMap } from "./expiring.ts";
import { pageOf } from "./listing.ts";
import type { NoticeOptions } from "./notices.ts";
import type { TaskRecord } from "./record.ts";
import { activeIn, revokedIn, viewOf } from "./record-views.ts";

/** What is looked at. */
export interface MonitorOptions extends NoticeOptions {
  readonly now: () => number;
  readonly records: ExpiringMap<TaskRecord>;
}

/** Creates the port to it. */
export function memoryMonitor({ now, records, events, roll, directives }: MonitorOptions): MonitorStore {
  return {
    name: "memory",
    past: async (request) => await events.past(request),
    live: (signal) => events.live(signal),
    workers: async () => await roll.workers(),
    leave: async (worker) => await roll.leave(worker),
    directives: async () => await directives.directives(),
    direct: async (change) => await directives.direct(change),

    async active(request) {
      const { items, ...rest } = pageOf(activeIn(records, now()), request);
      return { items: items.map(({ task }) => task), ...rest };
    },

    async records(ids) {
      return ids.flatMap((id) => viewOf(id, records.get(id) ?? {}));
    },

    async revoked(request) {
      const { items, ...rest } = pageOf(revokedIn(records), request);
      return { items: items.map(({ name }) => name), ...rest };
    },

    async counts() {
      const workers = (await roll.workers()).length;
      const active = activeIn(records, now()).length;
      return { workers, active, revoked: revokedIn(records).length, events: events.count() };
    },
  };
}
