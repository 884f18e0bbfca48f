/**
 * A task's run of which no attempt is made here: it is called on the spot, or has ended without being run.
 *
 * @module
 */

import type { CallingApplication, RegisteredTask } from "./application.ts";
import { bindTask } from "./bind-task.ts";
import type { Run } from "./hooks.ts";
import type { TaskRequest } from "./request.ts";
import { createScope } from "./scope.ts";

/** What an idle run is of. */
export interface Idle {
  readonly task: RegisteredTask;
  readonly request: TaskRequest;
  /** Aborts when whoever calls is to stop; never when absent. */
  readonly signal?: AbortSignal;
}

/** Makes one: nobody takes it away, and no reader sees what it shows. */
export function idleRun(app: CallingApplication, { task, request, signal = new AbortController().signal }: Idle): Run {
  const scope = createScope(request);
  const bound = bindTask(app, { work: { task, request }, scope, signal, decided: {}, show: toNobody });
  return { task, bound, scope };
}

/** What is not stored has no readers. */
async function toNobody(): Promise<boolean> {
  return await Promise.resolve(false);
}
