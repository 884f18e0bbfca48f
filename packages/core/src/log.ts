/**
 * Log lines of workers and tasks.
 *
 * A task's line carries its name and id, so that the lines of one call can be found among all others.
 *
 * @module
 */

import type { LogLevel } from "./settings.ts";

/** One line, before it is written. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The task that it is about. */
  readonly taskName?: string;
  readonly taskId?: string;
  /** The logger's own name, from `getTaskLogger(name)`. */
  readonly logger?: string;
}

/** Takes finished records: a console, a file, a test's list. */
export type LogSink = (record: LogRecord) => void;

/** Writes lines of one level each. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
  critical(message: string): void;
}

/** What every record of a logger has in common. */
export type LogOrigin = Pick<LogRecord, "taskName" | "taskId" | "logger">;

const ranks: Readonly<Record<LogLevel, number>> = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3, CRITICAL: 4 };

/** Makes a logger; `level` is asked for each line, since settings may change. */
export function createLogger(
  sink: LogSink,
  options: { readonly level: () => LogLevel; readonly now: () => number; readonly origin?: LogOrigin },
): Logger {
  const write = (level: LogLevel) => (message: string) => {
    if (ranks[level] < ranks[options.level()]) return;
    sink({ level, message, time: options.now(), ...options.origin });
  };
  return {
    debug: write("DEBUG"),
    info: write("INFO"),
    warning: write("WARNING"),
    error: write("ERROR"),
    critical: write("CRITICAL"),
  };
}

/** A line as Celery's workers print it; a task's own lines carry its name and id. */
export function formatRecord(record: LogRecord): string {
  const time = new Date(record.time).toISOString().replace("T", " ").replace("Z", "").replace(".", ",");
  const name = record.logger === undefined ? "" : ` ${record.logger}`;
  const task = record.taskName === undefined ? "" : ` ${record.taskName}[${record.taskId}]`;
  return `[${time}: ${record.level}${name}]${task} ${record.message}`;
}

/** Writes each record to the console as one formatted line. */
export function consoleSink(record: LogRecord): void {
  const line = formatRecord(record);
  if (ranks[record.level] >= ranks.ERROR) console.error(line);
  else console.log(line);
}
