/**
 * Tells of what broke around a task's body: Celery's `task_internal_error`.
 *
 * @module
 */

import { tracebackOf } from "@umbel/protocol";
import type { CallingApplication, RegisteredTask } from "./application.ts";
import { workerLogger } from "./log.ts";
import type { TaskRequest } from "./request.ts";

/** Something that broke, and where. */
export interface InternalError {
  readonly task: RegisteredTask;
  readonly request: TaskRequest;
  readonly error: unknown;
  /** What was being done: `a hook`, say. */
  readonly doing: string;
}

/** Writes it to the log, and sends the signal. Never throws. */
export async function tellInternalError(app: CallingApplication, broken: InternalError): Promise<void> {
  const { task, request, error: exception, doing } = broken;
  const { id: taskId, args, kwargs } = request;
  const traceback = tracebackOf(exception);
  app.logger({ logger: workerLogger, taskName: task.name, taskId }).error(`broke in ${doing}: ${traceback}`);
  await app.signals.taskInternalError.send(task, { taskId, args, kwargs, request, exception, traceback });
}
