/**
 * Stores how an attempt ended, and performs what was stored.
 *
 * @module
 */

import { type Application, conclude, type Ended, perform, resultLife, retentionOf, workerLogger } from "@umbel/core";
import { type Fence, type Finish, type FinishRequest, secondsOf, UmbelError } from "@umbel/protocol";

/**
 * Stores an end under its fence, then performs the stored effects, never its own. Answers whether this end is the one
 * that is stored. The outcome is kept and offered again while the store cannot be reached, for `workerStorePatience`;
 * after that throws what the store threw.
 */
export async function commit(app: Application, ended: Ended, fence: Fence): Promise<boolean> {
  const { applied, effects } = await finishPatiently(app, {
    id: ended.message.headers.id,
    fence,
    ...conclude(app, ended),
    retention: retentionOf(app, ended.message),
    ...resultLife(app.conf),
  });
  await perform(app, effects);
  return applied;
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
