/**
 * A worker that has nothing to do yet is seen: it gives a sign of life with a renewal of what nobody holds.
 *
 * @module
 */

import { type Application, retentionOf, workerLogger } from "@umbel/core";
import { type Fence, secondsOf } from "@umbel/protocol";
import type { Endpoint } from "./endpoint.ts";
import { isSightingDue, sighted } from "./sighting.ts";

/** Seconds that whoever asks waits for a store: it is asked whether the worker serves, not whether the store does, and within a second. */
const patience = 0.3;

/** Nobody's attempt. */
const nobodys: Fence = { retries: 0, generation: 0, epoch: 0 };

/** Gives the sign when it is time for one. A store that does not take it is told of in the log, and nothing else. */
export async function appear(app: Application, endpoint: Endpoint | undefined): Promise<void> {
  if (endpoint === undefined || !isSightingDue(app, endpoint)) return;
  const timer = new AbortController();
  const late = app.platform.sleep(patience, timer.signal).catch(() => undefined);
  await Promise.race([show(app, endpoint), late]);
  timer.abort();
}

async function show(app: Application, endpoint: Endpoint): Promise<void> {
  const { oversight, platform } = app;
  const asked = platform.now();
  const holding = { id: app.platform.newId(), fence: nobodys };
  const kept = { lease: secondsOf(app.conf.workerLease), retention: retentionOf(app) };
  try {
    await sighted(app, endpoint, async (sign) => await app.backend.renew({ ...holding, ...kept, ...sign }));
  } catch (error) {
    // Not before the next interval: each check would wait for a store that is away.
    oversight.shown.set(endpoint.hostname, asked);
    const log = app.logger({ logger: workerLogger });
    log.warning(`Nobody was told that ${endpoint.hostname} serves: ${String(error)}`);
  }
}
