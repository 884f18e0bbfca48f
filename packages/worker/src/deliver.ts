/**
 * What a delivery does: claim, attempt, commit, report; and how it is answered.
 *
 * 2xx only after everything that must follow has been published. A live holder elsewhere is 409 with the time to come
 * back; a store that cannot be reached is 503, and the broker comes back by itself (delivery.md 5 to 8).
 *
 * @module
 */

import {
  type Application,
  type Attempt,
  attempt,
  type Attempted,
  isEarly,
  type Outcome,
  perform,
  problem,
  requestOf,
  servedTask,
  type TaskRequest,
  type TimeLimits,
  timeLimitsOf,
} from "@umbel/core";
import {
  type Claim,
  type Fence,
  NotRegistered,
  type TaskMessage,
  TimeLimitExceeded,
  UmbelError,
  WorkerLostError,
} from "@umbel/protocol";
import { claim } from "./claim.ts";
import { commit } from "./commit.ts";
import { keepLease } from "./lease.ts";
import { sendOn } from "./send-on.ts";
import { reportEnd, reportPostponed, reportReceived, reportStart } from "./report.ts";

/** A message at the worker's door. */
export interface Delivery {
  readonly message: TaskMessage;
  readonly queue: string;
  readonly hostname: string;
  /** Whether the broker has tried before. */
  readonly redelivered: boolean;
  /** The broker has given up: nobody will deliver this message again (delivery.md 11). */
  readonly undeliverable?: boolean;
}

/** A claim that makes its holder end the task. */
export type Held = Extract<Claim, { readonly fence: Fence }>;

/** Handles a delivery and answers the broker. */
export async function deliver(app: Application, delivery: Delivery): Promise<Response> {
  const request = requestOf(delivery.message, { ...delivery, limits: limitsOf(app, delivery) });
  try {
    const early = isEarly(app, delivery.message);
    if (delivery.undeliverable !== true && !early) await reportReceived(app, delivery, request);
    const claimed = await claim(app, delivery, request);
    if (early && claimed.answer === "run") return await sendOn(app, delivery, claimed.fence);
    if ("fence" in claimed) return await end(app, delivery, { request, held: claimed });
    return await answer(app, claimed);
  } catch (error) {
    if (!(error instanceof UmbelError) || !error.transient) throw error;
    reportPostponed(app, request, error);
    return problem({ status: 503, code: error.code, detail: error.message });
  }
}

function limitsOf(app: Application, { message: { headers } }: Delivery): TimeLimits {
  const [hard, soft] = headers.timelimit ?? [];
  return timeLimitsOf(app, headers.task, { hard, soft });
}

/** The answer to whom there is nothing to run. */
async function answer(app: Application, claimed: Exclude<Claim, Held>): Promise<Response> {
  switch (claimed.answer) {
    case "done":
      await perform(app, claimed.effects);
      return accepted(claimed.state);
    case "superseded":
      return accepted("superseded");
    case "leased":
      return leased(claimed);
  }
}

interface Work {
  readonly request: TaskRequest;
  readonly held: Held;
}

interface LeasedWork extends Work {
  /** Aborts when the attempt is to stop. */
  readonly signal: AbortSignal;
}

/**
 * Runs the task, or ends it without running it; then stores its end, performs what was stored (never what it came to
 * itself), and reports the end, also when what follows could not be sent: nobody else will.
 */
async function end(app: Application, delivery: Delivery, { request, held }: Work): Promise<Response> {
  const startedAt = app.platform.now();
  const lease = keepLease(app, { id: request.id, fence: held.fence });
  try {
    const attempted = await outcomeFor(app, { request, held, signal: lease.signal });
    const runtime = (app.platform.now() - startedAt) / 1000;
    const { applied, effects, outcome } = await commit(app, { ...delivery, ...attempted }, held.fence);
    await perform(app, effects).finally(
      async () => await reportEnd(app, { delivery, request, outcome, applied, runtime }),
    );
    return accepted(outcome.state);
  } finally {
    await lease.stop();
  }
}

async function outcomeFor(app: Application, { request, held, signal }: LeasedWork): Promise<Attempted> {
  switch (held.answer) {
    case "run":
      return await run(app, { request, fence: held.fence, signal });
    case "revoked":
      return unrun({ state: "REVOKED", reason: held.reason });
    case "overdue":
      return unrun({ state: "FAILURE", error: new TimeLimitExceeded(`${request.timeLimit}`) });
    case "lost":
      return unrun({ state: "FAILURE", error: new WorkerLostError("The worker died, and the broker has given up") });
  }
}

async function run(app: Application, work: Omit<Attempt, "task">): Promise<Attempted> {
  const { request } = work;
  const task = servedTask(app, request.task);
  if (task === undefined) return unrun({ state: "FAILURE", error: new NotRegistered(request.task) });
  await reportStart(app, task, request);
  return await attempt(app, { ...work, task });
}

function unrun(outcome: Outcome): Attempted {
  return { outcome, children: [] };
}

function accepted(state: string): Response {
  return Response.json({ state });
}

/** Longest time after which a broker is to come back, in seconds. */
const longestWait = 3600;

/** Come back when the lease may have ended; later, the longer the attempt runs already, but within the hour. */
function leased({ remaining, running }: Extract<Claim, { answer: "leased" }>): Response {
  const seconds = Math.ceil(Math.min(Math.max(remaining, running), longestWait));
  const detail = `The task is running; its lease has ${Math.ceil(remaining)} s left`;
  return problem({ status: 409, code: "LEASED", detail }, { "retry-after": String(Math.max(1, seconds)) });
}
