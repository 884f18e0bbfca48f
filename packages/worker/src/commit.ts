/**
 * Stores how an attempt ended.
 *
 * @module
 */

import {
  type Application,
  conclude,
  type Ended,
  type Outcome,
  resultLife,
  retentionOf,
  workerLogger,
} from "@umbel/core";
import { type Fence, type Finish, type FinishRequest, secondsOf, UmbelError } from "@umbel/protocol";
import { pauseAfter } from "./patience.ts";

/** What became of storing an end. */
export interface Committed extends Finish {
  /** The outcome that was offered: the given one, or the failure to store that. */
  readonly outcome: Outcome;
}

/**
 * Stores an end under its fence. Answers whether it is this end that is stored, and the stored effects, whoever's they
 * are. The outcome is kept and offered again while the store cannot be reached, for `workerStorePatience`; after that
 * throws what the store threw. An end that the store will never take (a result too large for it) becomes a failure for
 * that reason: the body would only come to the same end again. Where it is what must follow that cannot be stored, which
 * only a forged message comes to, nothing follows.
 */
export async function commit(app: Application, ended: Ended, fence: Fence): Promise<Committed> {
  try {
    return await offer(app, ended, finishOf(app, ended, fence));
  } catch (error) {
    const failed = { ...ended, outcome: failureFor(error) };
    const request = finishOf(app, failed, fence);
    try {
      return await offer(app, failed, request);
    } catch (again) {
      failureFor(again);
      return await offer(app, failed, { ...request, effects: [] });
    }
  }
}

async function offer(app: Application, { outcome }: Ended, request: FinishRequest): Promise<Committed> {
  return { ...(await finishPatiently(app, request)), outcome };
}

/** The failure for an end that cannot be stored; throws the error when it may pass. */
function failureFor(error: unknown): Outcome {
  if (!(error instanceof UmbelError) || error.transient) throw error;
  return { state: "FAILURE", error };
}

function finishOf(app: Application, ended: Ended, fence: Fence): FinishRequest {
  return {
    id: ended.message.headers.id,
    fence,
    ...conclude(app, ended),
    retention: retentionOf(app, ended.outcome.state === "RETRY" ? ended.outcome.at : null),
    ...resultLife(app.conf),
  };
}

async function finishPatiently(app: Application, request: FinishRequest): Promise<Finish> {
  const giveUpAt = app.platform.now() + secondsOf(app.conf.workerStorePatience) * 1000;
  for (let tries = 1; ; tries += 1) {
    try {
      return await app.backend.finish(request);
    } catch (error) {
      if (!(error instanceof UmbelError) || !error.transient || app.platform.now() >= giveUpAt) throw error;
      app.logger({ logger: workerLogger }).warning(`The end of ${request.id} could not be stored: ${error.message}`);
    }
    await app.platform.sleep(pauseAfter(tries));
  }
}
