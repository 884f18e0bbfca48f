/**
 * Signs of life: with a claim or a renewal that is made anyway an endpoint says that it serves, and what.
 *
 * @module
 */

import { type Application, letterOf } from "@umbel/core";
import { secondsOf, type Sighting } from "@umbel/protocol";
import { getRuntimeKey } from "hono/adapter";
import { announce } from "./announce.ts";
import { type Endpoint, frequencyOf } from "./endpoint.ts";
import { processId } from "./process-id.ts";
import { version } from "./version.ts";

/** What a call carries besides. */
interface Sign {
  readonly sighting?: Sighting;
}

/**
 * Makes a call with the next sign of life, when it is time for one: at most one in each interval. One that was not answered has
 * shown nothing, and the next call carries it. Eager runs have no endpoint, and nobody sees one without a backend.
 */
export async function sighted<Answer>(
  app: Application,
  endpoint: Endpoint | undefined,
  call: (sign: Sign) => Promise<Answer>,
): Promise<Answer> {
  if (endpoint === undefined || !isSightingDue(app, endpoint)) return await call({});
  const { shown } = app.oversight;
  const { hostname } = endpoint;
  const [before, now] = [shown.get(hostname), app.platform.now()];
  // At once, so that calls beside it carry none; and as of now, for the next renewal comes an interval after this one.
  shown.set(hostname, now);
  try {
    return await call({ sighting: signOf(app, endpoint) });
  } catch (error) {
    if (before === undefined) shown.delete(hostname);
    else shown.set(hostname, before);
    throw error;
  }
}

function signOf(app: Application, endpoint: Endpoint): Sighting {
  endpoint.since ??= app.platform.now();
  const told = stateOf(app, endpoint);
  return {
    worker: endpoint.hostname,
    text: announce(app, endpoint),
    life: lifeOf(app, endpoint),
    online: letterOf(app, "worker-online", told),
    heartbeat: letterOf(app, "worker-heartbeat", told),
  };
}

/** Seconds for a renewal that has to be made again. */
const slack = 10;

/**
 * Seconds for which an endpoint counts as online: one that is busy gives its sign with a renewal, so up to half a lease later
 * than it is due.
 */
function lifeOf({ conf }: Application, { interval }: Endpoint): number {
  return Math.max(interval * 2, secondsOf(conf.workerLease) / 2 + interval) + slack;
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
function stateOf(app: Application, endpoint: Endpoint) {
  const { hostname, active, processed } = endpoint;
  const [pid, system] = [processId(), getRuntimeKey()];
  return {
    hostname,
    ...(pid === null ? {} : { pid }),
    freq: frequencyOf(app, endpoint),
    active,
    processed,
    sw_ident: "umbel",
    sw_ver: version,
    sw_sys: system,
  };
}
