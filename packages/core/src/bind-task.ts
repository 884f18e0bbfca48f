/**
 * Binds a task to the run of one attempt.
 *
 * @module
 */

import { MaxRetriesExceededError, secondsOf } from "@umbel/protocol";
import type { CallingApplication, RegisteredTask } from "./application.ts";
import type { Attempt } from "./attempt.ts";
import type { BoundTask, RetryCall } from "./bound-task.ts";
import { type ControlFlow, type Decided, Ignore, Reject, Retry } from "./control-flow.ts";
import { hasRetriesLeft } from "./retry.ts";
import type { Scope } from "./scope.ts";

/** What a bound task closes over. */
export interface Binding {
  readonly work: Attempt;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly decided: Decided;
  /** Shows readers a state of the body's own; false when nobody can see it. */
  readonly show: BoundTask["updateState"];
}

/** Makes the first argument of a bound body. */
export function bindTask(app: CallingApplication, { work, scope, signal, decided, show }: Binding): BoundTask {
  const { request, task } = work;
  return {
    name: task.name,
    request,
    signal,
    log: app.logger({ taskName: task.name, taskId: request.id }),
    retry(options = {}) {
      const retry = planRetry(app, work, options);
      decided.isExhausted = retry === undefined;
      if (retry === undefined) throw exhausted(work, options);
      return decide(retry);
    },
    ignore: (reason) => decide(new Ignore(reason)),
    reject: (reason, options) => decide(new Reject(reason, options)),
    delay: async (signature, ...args) => await signature.applyIn(scope, args, {}),
    applyAsync: async (signature, args, options = {}) => await signature.applyIn(scope, args, options),
    async updateState(update) {
      const shown = await show(update);
      decided.hasOwnState = true;
      return shown;
    },
  };

  /** Recorded before it is thrown, so that a body which catches everything cannot undo it. */
  function decide(verdict: ControlFlow): never {
    decided.verdict = verdict;
    throw verdict;
  }
}

/** The retry that `task.retry()` asks for, if there is one left. */
function planRetry(app: CallingApplication, { task, request }: Attempt, options: RetryCall): Retry | undefined {
  const maxRetries = options.maxRetries === undefined ? task.policy.maxRetries : options.maxRetries;
  const { exc, cause = exc } = options;
  return hasRetriesLeft(maxRetries, request.retries) ? new Retry(waitOf(app, task, options), cause) : undefined;
}

/** What `task.retry()` throws when no retry is left. */
function exhausted({ task, request }: Attempt, { exc, cause }: RetryCall): unknown {
  if (exc !== undefined) return exc;
  const { id, argsrepr, kwargsrepr } = request;
  const message = `Can't retry ${task.name}[${id}] args:${argsrepr} kwargs:${kwargsrepr}`;
  return new MaxRetriesExceededError(message, { cause });
}

function waitOf(app: CallingApplication, task: RegisteredTask, options: RetryCall): number {
  if (options.countdown !== undefined) return secondsOf(options.countdown);
  if (options.eta !== undefined) return Math.max(0, (options.eta.getTime() - app.platform.now()) / 1000);
  return task.policy.defaultDelay;
}
