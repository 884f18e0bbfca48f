/**
 * Stores how an attempt ended.
 *
 * @module
 */

import {
  type Application,
  conclude,
  type Ended,
  omissible,
  type Omission,
  type Outcome,
  printable,
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
 * throws what the store threw. Of an end that the store will never take as it is, less is told: what the body sent is left
 * out, and a value that is still too large becomes a failure for that reason, for the body would only come to the same end
 * again. Of a failure so much is left out that the store takes it: all of the canvas has to end.
 */
export async function commit(app: Application, ended: Ended, fence: Fence): Promise<Committed> {
  try {
    return await offer(app, ended, fence);
  } catch (error) {
    if (!(error instanceof UmbelError) || error.transient) throw error;
    const smaller = smallerThan(ended, error);
    if (smaller === undefined) throw error;
    tellRefused(app, ended, error);
    return await commit(app, smaller, fence);
  }
}

async function offer(app: Application, ended: Ended, fence: Fence): Promise<Committed> {
  const finish = await finishPatiently(app, finishOf(app, ended, fence));
  if (finish.applied) tellLess(app, ended);
  return { ...finish, outcome: ended.outcome };
}

/** An end with less in it; undefined when there is no less. */
function smallerThan(ended: Ended, error: UmbelError): Ended | undefined {
  const { outcome, without = [] } = ended;
  const next = omissible[outcome.state].find((each) => !without.includes(each) && isThere(each, ended));
  if (next !== undefined) return { ...ended, without: [...without, next] };
  return staysAsItIs(outcome) ? undefined : { ...ended, outcome: { state: "FAILURE", error }, without: [] };
}

function isThere(part: Omission, { children }: Ended): boolean {
  return part !== "children" || children.length > 0;
}

/** Whether an end has no value of its own that could be what is too large. */
function staysAsItIs({ state }: Outcome): boolean {
  return state === "FAILURE" || state === "REVOKED" || state === "IGNORED";
}

function tellRefused(app: Application, { message }: Ended, error: UmbelError): void {
  const { id } = message.headers;
  app.logger({ logger: workerLogger }).warning(`The end of ${printable(id)} could not be stored: ${error.message}`);
}

function tellLess(app: Application, { message, without = [] }: Ended): void {
  if (without.length === 0) return;
  const { task: taskName, id: taskId } = message.headers;
  app
    .logger({ logger: workerLogger, taskName, taskId })
    .critical(`ended, but its end is too large for the store, which has it without ${without.join(", ")}`);
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
