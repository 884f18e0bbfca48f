/**
 * Takes the store away from those who wait in it, too.
 *
 * They need it for longer than a call takes, and faults do not strike them; an outage does.
 *
 * @module
 */

import { type Backend, BackendUnavailable, type ResultMeta } from "@umbel/protocol";
import type { Outage } from "./outage.ts";

/** The store as it is at each call, where nobody begins to wait, and nothing that is watched is told, while it is away. */
export function losingReaders<Store extends Backend>(backend: Store, outage: Outage): Store {
  const readers: Pick<Backend, "wait" | "watch" | "watchGroup"> = {
    async wait(id, signal) {
      refuseWhileAway(outage);
      return await backend.wait(id, signal);
    },
    watch: (id, signal) => whileThere(() => backend.watch(id, signal)),
    watchGroup: (id, signal) => whileThere(() => backend.watchGroup(id, signal)),
  };
  return new Proxy(backend, { get: (_, name) => Reflect.get(Object.hasOwn(readers, name) ? readers : backend, name) });

  async function* whileThere(
    watch: () => AsyncIterable<ResultMeta | undefined>,
  ): AsyncGenerator<ResultMeta | undefined, void> {
    refuseWhileAway(outage);
    for await (const result of watch()) {
      refuseWhileAway(outage);
      yield result;
    }
  }
}

/** Throws `BackendUnavailable`. */
export function refuseWhileAway(outage: Outage): void {
  if (outage.isOn()) throw new BackendUnavailable("The store is away");
}
