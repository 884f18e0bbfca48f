/**
 * Binds a task to the run of one attempt.
 *
 * @module
 */

import { MaxRetriesExceededError, secondsOf } from "@umbel/protocol";
import type { Application, RegisteredTask } from "./application.ts";
import type { Attempt } from "./attempt.ts";
import type { BoundTask, RetryCall } from "./bound-task.ts";
import { type Decided, Retry } from "./control-flow.ts";
import { resultLife } from "./retention.ts";
import { hasRetriesLeft } from "./retry.ts";
import type { Scope } from "./scope.ts";

/** What a bound task closes over. */
export interface Binding {
  readonly work: Attempt;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly decided: Decided;
}

/** Makes the first argument of a bound body. */
export function bindTask(app: Application, { work, scope, signal, decided }: Binding): BoundTask {
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
      decided.verdict = retry;
      throw retry;
    },
    delay: async (signature, ...args) => await signature.applyIn(scope, args, {}),
    applyAsync: async (signature, args, options = {}) => await signature.applyIn(scope, args, options),
    async updateState({ state, meta = null }) {
      const shown = await app.backend.progress({
        id: request.id,
        fence: work.fence,
        result: {
          status: state,
          result: meta,
          traceback: null,
          children: [],
          date_done: null,
          task_id: request.id,
          retries: request.retries,
        },
        ...resultLife(app.conf),
      });
      decided.hasOwnState = true;
      return shown;
    },
  };
}

/** The retry that `task.retry()` asks for, if there is one left. */
function planRetry(app: Application, { task, request }: Attempt, options: RetryCall): Retry | undefined {
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

function waitOf(app: Application, task: RegisteredTask, options: RetryCall): number {
  if (options.countdown !== undefined) return secondsOf(options.countdown);
  if (options.eta !== undefined) return Math.max(0, (options.eta.getTime() - app.platform.now()) / 1000);
  return task.policy.defaultDelay;
}
