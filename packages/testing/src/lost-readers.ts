/**
 * Takes the store away from those who wait in it, too.
 *
 * They need it for longer than a call takes, and faults do not strike them; an outage does.
 *
 * @module
 */

import { type Backend, BackendUnavailable, type MonitorStore } from "@umbel/protocol";
import type { Outage } from "./outage.ts";

/** The store as it is at each call, where nobody begins to wait, and nothing that is watched is told, while it is away. */
export function losingReaders<Store extends Backend>(backend: Store, outage: Outage): Store {
  const readers: Pick<Backend, "wait" | "watch" | "watchGroup"> = {
    async wait(id, signal) {
      refuseWhileAway(outage);
      return await backend.wait(id, signal);
    },
    watch: (id, signal) => whileThere(() => backend.watch(id, signal), outage),
    watchGroup: (id, signal) => whileThere(() => backend.watchGroup(id, signal), outage),
  };
  return new Proxy(backend, { get: (_, name) => Reflect.get(Object.hasOwn(readers, name) ? readers : backend, name) });
}

/** The same for those who watch events. */
export function losingWatchers(monitor: MonitorStore, outage: Outage): MonitorStore {
  return { ...monitor, live: (signal) => whileThere(() => monitor.live(signal), outage) };
}

async function* whileThere<Item>(watch: () => AsyncIterable<Item>, outage: Outage): AsyncGenerator<Item, void> {
  refuseWhileAway(outage);
  for await (const item of watch()) {
    refuseWhileAway(outage);
    yield item;
  }
}

/** Throws `BackendUnavailable`. */
export function refuseWhileAway(outage: Outage): void {
  if (outage.isOn()) throw new BackendUnavailable("The store is away");
}
