/**
 * Log lines of workers and tasks.
 *
 * A task's line carries its name and id, so that the lines of one call can be found among all others.
 *
 * @module
 */

import { printable } from "./printable.ts";
import type { LogLevel } from "./settings.ts";
import { withoutSaying } from "./unsaid.ts";

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
  /** Name of the worker that it comes from, where that is known. */
  readonly worker?: string;
  /** The message names its task itself: the line for people does not say it once more. */
  readonly isNamed?: true;
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
export type LogOrigin = Pick<LogRecord, "taskName" | "taskId" | "logger" | "worker" | "isNamed">;

const ranks: Readonly<Record<LogLevel, number>> = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3, CRITICAL: 4 };

/** What a logger asks for each line, since all of it may change. */
export interface LoggerOptions {
  readonly level: () => LogLevel;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly origin: () => LogOrigin;
}

/** Makes a logger that writes to `sink` what its level lets through. */
export function createLogger(sink: LogSink, { level: threshold, now, origin }: LoggerOptions): Logger {
  const write = (level: LogLevel) => (message: string) => {
    if (ranks[level] < ranks[threshold()]) return;
    put(sink, { level, message: withoutSaying(message), time: now(), ...origin() });
  };
  return {
    debug: write("DEBUG"),
    info: write("INFO"),
    warning: write("WARNING"),
    error: write("ERROR"),
    critical: write("CRITICAL"),
  };
}

/** A line that the sink cannot take must end no task: it goes to the console, with the reason. */
function put(sink: LogSink, record: LogRecord): void {
  try {
    sink(record);
  } catch (error) {
    console.error(`${formatRecord(record)} (the log could not take this line: ${String(error)})`);
  }
}

/** Name of the logger in which a worker tells what becomes of tasks. */
export const workerLogger = "umbel.worker";

/**
 * A line as Celery's workers print it: `[... INFO] Task shop.add[ID] received` for what the worker tells of a task,
 * `[... INFO] shop.add[ID]: text` for what the task says itself. Its time is in UTC, and says so: workers are in many zones.
 */
export function formatRecord(record: LogRecord): string {
  return `[${timeOf(record)}: ${record.level}] ${subjectOf(record)}${record.message}`;
}

/** What is no date stays a number: the time may be a stranger's. */
function timeOf({ time }: LogRecord): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  return date.toISOString().replace("T", " ").replace(".", ",");
}

function subjectOf({ taskName, taskId, logger, isNamed }: LogRecord): string {
  if (taskName === undefined || isNamed === true) return "";
  const call = printable(`${taskName}[${taskId}]`);
  return logger === workerLogger ? `Task ${call} ` : `${call}: `;
}

/** Writes each record to the console as one formatted line. */
export function consoleSink(record: LogRecord): void {
  const line = formatRecord(record);
  if (isError(record)) console.error(line);
  else console.log(line);
}

/** Whether a record is an ERROR, or worse. */
export function isError({ level }: LogRecord): boolean {
  return ranks[level] >= ranks.ERROR;
}
