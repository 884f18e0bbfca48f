/**
 * Keeps an attempt's lease until its end is stored, and hears through it what an operator wants (delivery.md 6, 8).
 *
 * @module
 */

import { type Application, retentionOf, workerLogger } from "@umbel/core";
import { type Fence, type RenewRequest, secondsOf, TaskRevokedError } from "@umbel/protocol";
import type { Endpoint } from "./endpoint.ts";
import { pauseAfter } from "./patience.ts";
import { sighted } from "./sighting.ts";

/** A lease that is being kept. */
export interface Lease {
  /** Aborts when the attempt is to stop, or is no longer ours. */
  readonly signal: AbortSignal;
  /** Stops renewing. */
  stop(): Promise<void>;
}

/** What is held. */
export interface Holding {
  readonly id: string;
  readonly fence: Fence;
  /** Whoever holds it; what it says of itself goes with a renewal. */
  readonly endpoint: Endpoint | undefined;
}

/** Why a lease is no longer renewed. One for all: a new one would take its time to note where it comes from. */
const over = new Error("The attempt has ended");

/**
 * Starts to renew a lease at half its time. A renewal that fails is tried again soon: at the next half it would come
 * together with the lease's end, so that a store that is away for a moment would cost it.
 */
export function keepLease(app: Application, { endpoint, ...holding }: Holding): Lease {
  const lease = secondsOf(app.conf.workerLease);
  const taken = new AbortController();
  const ended = new AbortController();
  const renewing = renewUntilEnd();
  return {
    signal: taken.signal,
    async stop() {
      ended.abort(over);
      await renewing;
    },
  };

  async function renewUntilEnd(): Promise<void> {
    let failures = 0;
    while (await pause(failures)) {
      const request = { ...holding, lease, retention: retentionOf(app) };
      const renewal = await renewOnce(app, endpoint, request);
      failures = renewal === undefined ? failures + 1 : 0;
      if (renewal === undefined) continue;
      if (renewal.terminate) taken.abort(new TaskRevokedError("terminated"));
      if (renewal.held) continue;
      taken.abort(new Error("This attempt is no longer held by this worker"));
      return;
    }
  }

  /** True once it is time to renew, false when the attempt has ended before. */
  async function pause(failures: number): Promise<boolean> {
    const seconds = failures === 0 ? lease / 2 : Math.min(lease / 2, pauseAfter(failures));
    return await app.platform.sleep(seconds, ended.signal).then(
      () => true,
      () => false,
    );
  }
}

async function renewOnce(app: Application, endpoint: Endpoint | undefined, request: RenewRequest) {
  try {
    return await sighted(app, endpoint, async (sign) => await app.backend.renew({ ...request, ...sign }));
  } catch (error) {
    // Whatever it is: thrown from here it would end no attempt, but lose what this one comes to.
    app.logger({ logger: workerLogger }).warning(`The lease of ${request.id} could not be renewed: ${String(error)}`);
    return undefined;
  }
}
