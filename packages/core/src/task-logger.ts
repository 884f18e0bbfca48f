/**
 * Loggers of an application: what they let through and where they write is asked for each line, since both may change.
 *
 * @module
 */

import type { Configuration } from "./configuration.ts";
import type { ConnectionHolder } from "./connections.ts";
import { createLogger, type Logger, type LogOrigin } from "./log.ts";
import { currentScope } from "./scope.ts";

/** Makes a logger that writes to what an application is connected to; its level is the setting `workerLogLevel`. */
export function loggerOf(connections: ConnectionHolder, conf: Configuration, origin: () => LogOrigin): Logger {
  return createLogger((record) => connections.now.log(record), {
    level: () => conf.workerLogLevel,
    now: () => connections.now.platform.now(),
    origin,
  });
}

/** The task whose body is writing a line, as far as the runtime can tell. */
export function runningTask(): LogOrigin {
  const request = currentScope()?.request;
  return request === undefined ? {} : { taskName: request.task, taskId: request.id, worker: request.hostname };
}
