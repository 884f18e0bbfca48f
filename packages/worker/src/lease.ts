/**
 * Keeps an attempt's lease until its end is stored, and hears through it what an operator wants (delivery.md 6, 8).
 *
 * @module
 */

import { type Application, retentionOf, workerLogger } from "@umbel/core";
import { type Fence, secondsOf, TaskRevokedError } from "@umbel/protocol";

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
}

/** Why a lease is no longer renewed. One for all: a new one would take its time to note where it comes from. */
const over = new Error("The attempt has ended");

/** Starts to renew a lease at half its time. A renewal that fails is tried again at the next half. */
export function keepLease(app: Application, holding: Holding): Lease {
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
    while (await pause()) {
      const renewal = await renewOnce(app, { ...holding, lease, retention: retentionOf(app) });
      if (renewal === undefined) continue;
      if (renewal.terminate) taken.abort(new TaskRevokedError("terminated"));
      if (renewal.held) continue;
      taken.abort(new Error("This attempt is no longer held by this worker"));
      return;
    }
  }

  /** True once half the lease has passed, false when the attempt has ended before. */
  async function pause(): Promise<boolean> {
    return await app.platform.sleep(lease / 2, ended.signal).then(
      () => true,
      () => false,
    );
  }
}

async function renewOnce(app: Application, request: Parameters<Application["backend"]["renew"]>[0]) {
  try {
    return await app.backend.renew(request);
  } catch (error) {
    // Whatever it is: thrown from here it would end no attempt, but lose what this one comes to.
    app.logger({ logger: workerLogger }).warning(`The lease of ${request.id} could not be renewed: ${String(error)}`);
    return undefined;
  }
}
