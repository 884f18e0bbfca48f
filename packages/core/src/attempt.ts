/**
 * Runs one attempt: the only place where user code is called.
 *
 * Every way out of user code becomes an {@link Outcome}; nothing is stored here and nothing is sent. What the body
 * decided by `retry()` was recorded before it was thrown, so catching it changes nothing.
 *
 * @module
 */

import {
  type Fence,
  type ResultTuple,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
} from "@umbel/protocol";
import type { Application, RegisteredTask } from "./application.ts";
import { bindTask } from "./bind-task.ts";
import type { BoundTask } from "./bound-task.ts";
import { type ControlFlow, Ignore, isControlFlow, Retry } from "./control-flow.ts";
import type { Outcome } from "./outcome.ts";
import type { TaskRequest } from "./request.ts";
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
  const decided: { verdict?: ControlFlow } = {};
  const bound = bindTask(app, { work, scope, signal: limits.soft, record: (verdict) => (decided.verdict = verdict) });
  try {
    const value = await Promise.race([limits.hard, runBody(work, scope, bound)]);
    return { outcome: outcomeOf(app, decided.verdict) ?? { state: "SUCCESS", value }, children: scope.children };
  } catch (error) {
    return { outcome: settle(app, work, decided.verdict ?? error), children: scope.children };
  } finally {
    limits.stop();
  }
}

async function runBody({ task, request }: Attempt, scope: Scope, bound: BoundTask): Promise<unknown> {
  const args = await task.accept(request.args, request.kwargs);
  return await runInScope(scope, async () => await task.run(bound, args));
}

/** What an error from the body, or a recorded decision, makes of the attempt. */
function settle(app: Application, work: Attempt, error: unknown): Outcome {
  if (error instanceof TimeLimitExceeded) return { state: "FAILURE", error };
  if (work.signal.reason instanceof TaskRevokedError) return { state: "REVOKED", reason: "terminated" };
  const steered = isControlFlow(error) ? outcomeOf(app, error) : undefined;
  if (steered !== undefined) return steered;
  if (!isRetried(work.task.policy, error)) return { state: "FAILURE", error };
  return autoretry(app, work, error);
}

function outcomeOf(app: Application, verdict: ControlFlow | undefined): Outcome | undefined {
  if (verdict === undefined) return undefined;
  if (verdict instanceof Ignore) return { state: "IGNORED" };
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

/** Timers of the soft and the hard limit. `hard` rejects; `soft` aborts, as it does when the attempt is taken away. */
function startLimits(app: Application, { request, signal }: Attempt) {
  const timers = new AbortController();
  const soft = new AbortController();
  const hard = new Promise<never>((_, reject) => {
    after(request.timeLimit, (seconds) => reject(new TimeLimitExceeded(`${seconds}`)));
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
