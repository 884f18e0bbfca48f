/**
 * Ends a task that this worker holds: runs it, or ends it without running it; then stores its end, performs what was
 * stored (never what it came to itself), and reports the end.
 *
 * @module
 */

import {
  type Application,
  type Attempt,
  attempt,
  type Attempted,
  canvasWord,
  type Ending,
  notRegistered,
  type Outcome,
  perform,
  servedTask,
  type TaskRequest,
  timedOut,
  within,
} from "@umbel/core";
import {
  asVerdict,
  type Claim,
  type Fence,
  InvalidMessageError,
  TimeLimitExceeded,
  WorkerLostError,
} from "@umbel/protocol";
import { commit } from "./commit.ts";
import type { Delivery } from "./deliver.ts";
import type { Endpoint } from "./endpoint.ts";
import { keepLease } from "./lease.ts";
import { isWithoutArguments, open } from "./open.ts";
import { reportEnd, reportLost, reportStart } from "./report.ts";
import { tellerOf } from "./task-events.ts";

/** A claim that makes its holder end the task. */
export type Held = Extract<Claim, { readonly fence: Fence }>;

/** A task that is held. */
export interface Work {
  readonly request: TaskRequest;
  readonly held: Held;
}

interface LeasedWork extends Work {
  /** Aborts when the attempt is to stop. */
  readonly signal: AbortSignal;
}

/** How it ended here. */
export interface Closed {
  readonly outcome: Outcome;
  /** The end is, or will be, that of another canvas's message with its id: this one is to come again, for what follows it. */
  readonly isUntold: boolean;
}

/**
 * Ends it, and answers how; reports that also when what follows could not be sent: nobody else will. Throws what storing and
 * sending throw.
 */
export async function end(app: Application, claimed: Delivery, work: Work): Promise<Closed> {
  const startedAt = app.platform.now();
  const { held } = work;
  const { endpoint } = claimed;
  const lease = keepLease(app, { id: work.request.id, fence: held.fence, endpoint });
  if (endpoint !== undefined) endpoint.active += 1;
  try {
    const { delivery, request } = await open(app, claimed, work);
    if (held.fence.epoch > 0) await reportLost(app, request, held.answer === "run");
    const attempted = await outcomeFor(app, delivery, { request, held, signal: lease.signal });
    const runtime = (app.platform.now() - startedAt) / 1000;
    const about = { task: servedTask(app, request.task), request, outcome: attempted.outcome };
    // What it refers to has been read since: the claim has named the message as it came.
    const canvas = canvasWord(claimed.message);
    const left = { request, attempted, runtime, fence: held.fence, about, canvas };
    let isUntold = false;
    const outcome = await within(app, { step: "finish", about }, async () => {
      const closed = await finish(app, delivery, left);
      ({ isUntold } = closed);
      return closed.outcome;
    });
    return { outcome, isUntold };
  } finally {
    if (endpoint !== undefined) countEnded(endpoint);
    await lease.stop();
  }
}

function countEnded(endpoint: Endpoint): void {
  endpoint.active -= 1;
  endpoint.processed += 1;
}

/** A task whose body has been left, or that was not to be run. */
export interface Left {
  readonly request: TaskRequest;
  readonly attempted: Attempted;
  /** Seconds. */
  readonly runtime: number;
  readonly fence: Fence;
  readonly canvas: string | undefined;
  /** The same for those who put something around its end. */
  readonly about: Ending;
}

async function finish(app: Application, delivery: Delivery, left: Left): Promise<Closed> {
  const { request, attempted, runtime, fence, about, canvas } = left;
  const offered = { ...delivery, ...attempted };
  const means = { fence, canvas, lettersOf: tellerOf(app, delivery, left) };
  const stored = await within(app, { step: "store", about }, async () => await commit(app, offered, means));
  const { applied, effects, outcome, untold = false } = stored;
  const ended = { delivery, request, outcome, applied, runtime, run: attempted.run };
  await perform(app, effects, { areTold: true }).finally(async () => await reportEnd(app, ended));
  return { outcome, isUntold: untold };
}

async function outcomeFor(
  app: Application,
  delivery: Delivery,
  { request, held, signal }: LeasedWork,
): Promise<Attempted> {
  if (held.answer === "run" && isWithoutArguments(delivery)) return unrun({ state: "FAILURE", error: gone(request) });
  switch (held.answer) {
    case "run":
      return await run(app, { request, fence: held.fence, signal });
    case "revoked":
      return unrun({ state: "REVOKED", reason: held.reason });
    case "overdue":
      return unrun(timedOut(app, request, new TimeLimitExceeded(request.timeLimit ?? "", { call: callIn(request) })));
    case "lost":
      return unrun({ state: "FAILURE", error: new WorkerLostError(whyLost(delivery, held.fence)) });
  }
}

function callIn({ task, id }: TaskRequest): string {
  return `${task}[${id}]`;
}

function gone({ id }: TaskRequest): Error {
  return new InvalidMessageError(`The arguments of ${id} were kept in the store, and are gone: they have expired`);
}

/** Either nobody delivers the message again (the broker has given up, or the worker had acknowledged it), or it may not run twice. */
function whyLost({ undeliverable = false }: Delivery, { epoch }: Fence): string {
  if (!undeliverable) return "The worker died, and the task is not run again";
  const whose = epoch > 0 ? "The worker that ran it has died" : "No worker has begun it";
  return `${whose}, and its message will not come again`;
}

async function run(app: Application, work: Omit<Attempt, "task">): Promise<Attempted> {
  const { request } = work;
  const task = servedTask(app, request.task);
  if (task === undefined) return unrun({ state: "FAILURE", error: asVerdict(() => notRegistered(app, request.task)) });
  await reportStart(app, task, request);
  return await attempt(app, { ...work, task });
}

function unrun(outcome: Outcome): Attempted {
  return { outcome, children: [] };
}
