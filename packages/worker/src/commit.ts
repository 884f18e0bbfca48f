/**
 * Stores how an attempt ended.
 *
 * @module
 */

import { type Application, conclude, type Ended, resultLife, retentionOf, workerLogger } from "@umbel/core";
import { type Fence, type Finish, type FinishRequest, secondsOf, UmbelError } from "@umbel/protocol";

/**
 * Stores an end under its fence. Answers whether it is this end that is stored, and the stored effects, whoever's they
 * are. The outcome is kept and offered again while the store cannot be reached, for `workerStorePatience`; after that
 * throws what the store threw.
 */
export async function commit(app: Application, ended: Ended, fence: Fence): Promise<Finish> {
  return await finishPatiently(app, {
    id: ended.message.headers.id,
    fence,
    ...conclude(app, ended),
    retention: retentionOf(app, ended.outcome.state === "RETRY" ? ended.outcome.at : null),
    ...resultLife(app.conf),
  });
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
    await app.platform.sleep(Math.min(5, 0.2 * tries));
  }
}
