/**
 * What time it is in the store, by whose clock leases, expiries and schedules go.
 *
 * @module
 */

import type { CallerBackend } from "@umbel/protocol";
import { isUpstash } from "./upstash.ts";

/**
 * Milliseconds since 1970 by the clock of the store of a backend that `upstash()` has connected: one request. Undefined for
 * another adapter's. Throws `BackendUnavailable`.
 */
export async function storeClock(backend: CallerBackend): Promise<number | undefined> {
  if (!isUpstash(backend)) return undefined;
  const [time] = await backend.store.send([{ size: 0, putInto: (pipeline) => void pipeline.time() }]);
  const [seconds, microseconds] = Array.isArray(time) ? time.map(Number) : [];
  return seconds === undefined || microseconds === undefined ? undefined : seconds * 1000 + microseconds / 1000;
}
