/**
 * Takes the store away from those who wait in it, too.
 *
 * They need it for longer than a call takes, and faults do not strike them; an outage does.
 *
 * @module
 */

import { type Backend, BackendUnavailable } from "@umbel/protocol";
import type { Outage } from "./outage.ts";

/** The store as it is at each call, where nobody begins to wait, and nothing that is watched is told, while it is away. */
export function losingReaders(backend: Backend, outage: Outage): Backend {
  const readers: Pick<Backend, "wait" | "watch"> = {
    async wait(id, signal) {
      refuseWhileAway(outage);
      return await backend.wait(id, signal);
    },
    async *watch(id, signal) {
      refuseWhileAway(outage);
      for await (const result of backend.watch(id, signal)) {
        refuseWhileAway(outage);
        yield result;
      }
    },
  };
  return new Proxy(backend, { get: (_, name) => Reflect.get(Object.hasOwn(readers, name) ? readers : backend, name) });
}

/** Throws `BackendUnavailable`. */
export function refuseWhileAway(outage: Outage): void {
  if (outage.isOn()) throw new BackendUnavailable("The store is away");
}
