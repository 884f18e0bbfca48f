/**
 * What a worker says of a body that runs on past its soft limit: it may not listen, and the hard limit may be far.
 *
 * @module
 */

import type { Application } from "./application.ts";
import { workerLogger } from "./log.ts";
import { printable } from "./printable.ts";
import type { TaskRequest } from "./request.ts";

/** Writes Celery's line, which names the task last. */
export function warnOfSoftLimit(app: Application, request: TaskRequest, seconds: number): void {
  const { id: taskId, hostname: worker } = request;
  const taskName = request.shadow ?? request.task;
  const logger = app.logger({ logger: workerLogger, taskName, taskId, worker, isNamed: true });
  logger.warning(`Soft time limit (${seconds}s) exceeded for ${printable(`${taskName}[${taskId}]`)}`);
}
