/**
 * Runs one attempt: the only place where user code is called.
 *
 * Every way out of user code becomes an {@link Outcome}; nothing is stored here and nothing is sent. What the body
 * decided by `retry()` was recorded before it was thrown, so catching it changes nothing.
 *
 * @module
 */

import {
  assertJson,
  type Fence,
  type ResultTuple,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
} from "@umbel/protocol";
import type { Application, RegisteredTask } from "./application.ts";
import { bindTask } from "./bind-task.ts";
import type { BoundTask } from "./bound-task.ts";
import { type ControlFlow, type Decided, Ignore, isControlFlow, Retry } from "./control-flow.ts";
import type { Outcome } from "./outcome.ts";
import type { TaskRequest } from "./request.ts";
import { resultLife } from "./retention.ts";
import { delayOf, hasRetriesLeft, isRetried } from "./retry.ts";
import { createScope, runInScope, type Scope } from "./scope.ts";

/** An attempt that this process may run. */
export interface Attempt {
  readonly task: RegisteredTask;
  readonly request: TaskRequest;
  readonly fence: Fence;
  /** Aborts when the task is terminated, or is no longer ours. */
  readonly signal: AbortSignal;
}

/** How it ended, and what its body sent meanwhile. */
export interface Attempted {
  readonly outcome: Outcome;
  readonly children: readonly ResultTuple[];
}

/** Runs an attempt. Never throws: a body's error is an outcome. */
export async function attempt(app: Application, work: Attempt): Promise<Attempted> {
  const scope = createScope(work.request);
  const limits = startLimits(app, work);
  const decided: Decided = {};
  const show = async (update: OwnState) => await showState(app, work, update);
  const bound = bindTask(app, { work, scope, signal: limits.soft, decided, show });
  try {
    const value = await Promise.race([limits.hard, runBody(work, scope, bound)]);
    return { outcome: outcomeOf(app, decided.verdict, decided) ?? returned(value), children: scope.children };
  } catch (error) {
    return { outcome: settle(app, work, { error, decided }), children: scope.children };
  } finally {
    limits.stop();
  }
}

/** Stores a state of the body's own for readers. */
async function showState(app: Application, { request, fence }: Attempt, update: OwnState): Promise<boolean> {
  const { state, meta = null } = update;
  const { id, retries } = request;
  const result = { status: state, result: meta, traceback: null, children: [], date_done: null, task_id: id, retries };
  return await app.backend.progress({ id, fence, result, ...resultLife(app.conf) });
}

type OwnState = Parameters<BoundTask["updateState"]>[0];

async function runBody({ task, request }: Attempt, scope: Scope, bound: BoundTask): Promise<unknown> {
  const args = await task.accept(request.args, request.kwargs);
  // By this name protocol's `tracebackOf` knows where our frames end and the body's begin.
  const caller = {
    async umbelAttempt(this: void) {
      return await task.run(bound, args);
    },
  };
  return await runInScope(scope, caller.umbelAttempt);
}

/** A value that cannot travel is a failure: whoever waits for it could not be told. */
function returned(value: unknown): Outcome {
  const kept = value === undefined ? null : value;
  try {
    assertJson(kept, "result");
    return { state: "SUCCESS", value: kept };
  } catch (error) {
    return { state: "FAILURE", error };
  }
}

/** What an error from the body, or a recorded decision, makes of the attempt. */
function settle(
  app: Application,
  work: Attempt,
  { error: thrown, decided }: { readonly error: unknown; readonly decided: Decided },
): Outcome {
  const error = decided.verdict ?? thrown;
  if (error instanceof TimeLimitExceeded) return { state: "FAILURE", error };
  if (work.signal.reason instanceof TaskRevokedError) return { state: "REVOKED", reason: "terminated" };
  const steered = isControlFlow(error) ? outcomeOf(app, error, decided) : undefined;
  if (steered !== undefined) return steered;
  if (decided.isExhausted === true || !isRetried(work.task.policy, error)) return { state: "FAILURE", error };
  return autoretry(app, work, error);
}

function outcomeOf(
  app: Application,
  verdict: ControlFlow | undefined,
  { hasOwnState = false }: Decided,
): Outcome | undefined {
  if (verdict === undefined) return undefined;
  if (verdict instanceof Ignore) return { state: "IGNORED", hasOwnState };
  if (verdict instanceof Retry) return retryAfter(app, verdict.delay, verdict.cause);
  if (verdict.requeue) return { state: "REJECTED", reason: verdict.message };
  return { state: "FAILURE", error: verdict };
}

function autoretry(app: Application, { task, request }: Attempt, error: unknown): Outcome {
  if (!hasRetriesLeft(task.policy.maxRetries, request.retries)) return { state: "FAILURE", error };
  return retryAfter(app, delayOf(task.policy, request.retries, app.platform.random), error);
}

function retryAfter(app: Application, delay: number, error: unknown): Outcome {
  return { state: "RETRY", error, delay, at: app.platform.now() + delay * 1000 };
}

interface Limits {
  /** Rejects at the hard limit. */
  readonly hard: Promise<never>;
  /** The body's signal. */
  readonly soft: AbortSignal;
  readonly stop: () => void;
}

/** Timers of the soft and the hard limit. Both abort the body's signal, as it does when the attempt is taken away; `hard` rejects. */
function startLimits(app: Application, { request, signal }: Attempt): Limits {
  if (request.timeLimit === null && request.softTimeLimit === null) return unlimited(signal);
  const timers = new AbortController();
  const soft = new AbortController();
  const hard = new Promise<never>((_, reject) => {
    after(request.timeLimit, (seconds) => {
      const exceeded = new TimeLimitExceeded(`${seconds}`);
      reject(exceeded);
      soft.abort(exceeded);
    });
  });
  after(request.softTimeLimit, (seconds) => soft.abort(new SoftTimeLimitExceeded(`${seconds}`)));
  return { hard, soft: AbortSignal.any([soft.signal, signal]), stop: () => timers.abort() };

  function after(seconds: number | null, act: (seconds: number) => void): void {
    if (seconds === null) return;
    app.platform.sleep(seconds, timers.signal).then(
      () => act(seconds),
      () => undefined,
    );
  }
}

/** Most tasks have no limit: they need no timers. */
function unlimited(soft: AbortSignal): Limits {
  return { hard: new Promise<never>(() => {}), soft, stop: () => undefined };
}
