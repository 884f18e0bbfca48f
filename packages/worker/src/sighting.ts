/**
 * Signs of life: with a claim or a renewal that is made anyway an endpoint says that it serves, and what.
 *
 * @module
 */

import { type Application, letterOf } from "@umbel/core";
import type { Sighting } from "@umbel/protocol";
import { getRuntimeKey } from "hono/adapter";
import { announce } from "./announce.ts";
import type { Endpoint } from "./endpoint.ts";
import { processId } from "./process-id.ts";
import { version } from "./version.ts";

/**
 * The next sign of life, when it is time for one: at most one in each interval. An endpoint counts as online for two. Eager runs
 * have no endpoint, and nobody sees one without a backend.
 */
export function sightingOf(app: Application, endpoint: Endpoint | undefined): { readonly sighting?: Sighting } {
  if (endpoint === undefined || !isSightingDue(app, endpoint)) return {};
  const now = app.platform.now();
  endpoint.since ??= now;
  app.oversight.shown.set(endpoint.hostname, now);
  const { hostname: worker, interval } = endpoint;
  const told = stateOf(endpoint);
  return {
    sighting: {
      worker,
      text: announce(app, endpoint),
      life: interval * 2,
      online: letterOf(app, "worker-online", told),
      heartbeat: letterOf(app, "worker-heartbeat", told),
    },
  };
}

/** Whether it is time for one. */
export function isSightingDue(
  { hasBackend, oversight, platform }: Application,
  { hostname, interval }: Endpoint,
): boolean {
  if (interval === 0 || !hasBackend) return false;
  const last = oversight.shown.get(hostname);
  // A clock that was set back must not silence it.
  return last === undefined || Math.abs(platform.now() - last) >= interval * 1000;
}

/** What Celery's worker says; of the load of its machine it knows nothing. */
function stateOf({ hostname, interval, active, processed }: Endpoint) {
  const [pid, system] = [processId(), getRuntimeKey()];
  return {
    hostname,
    ...(pid === null ? {} : { pid }),
    freq: interval,
    active,
    processed,
    sw_ident: "umbel",
    sw_ver: version,
    sw_sys: system,
  };
}
