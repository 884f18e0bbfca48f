/**
 * Log lines as records: one JSON object a line, for whatever collects and searches logs.
 *
 * ```ts
 * const app = new Umbel("shop", { log: jsonLog() });
 * ```
 *
 * @module
 */

import { isError, type LogRecord, type LogSink } from "./log.ts";

/** Options of {@link jsonLog}. */
export interface JsonLogOptions {
  /** Takes each line; the console when not given: its error stream for what is an ERROR or worse. */
  readonly write?: (line: string, record: LogRecord) => void;
  /** Fields besides, asked for at each line; none hides one of a record's own. `activeSpan` of `umbel/otel`, say. */
  readonly also?: () => Readonly<Record<string, unknown>>;
}

/**
 * Makes a sink that writes each record as JSON: `time` (ISO 8601), `level`, `logger`, `message`, `taskName`, `taskId`, `worker`,
 * as far as it has them, then what `also` gives.
 */
export function jsonLog({ write = toConsole, also = nothing }: JsonLogOptions = {}): LogSink {
  return (record) => write(JSON.stringify(fieldsOf(record, also())), record);
}

function fieldsOf(record: LogRecord, more: Readonly<Record<string, unknown>>): object {
  const { time, level, logger, message, taskName, taskId, worker } = record;
  const own = { time: new Date(time).toISOString(), level, logger, message, taskName, taskId, worker };
  return { ...own, ...more, ...own };
}

function nothing(): Readonly<Record<string, unknown>> {
  return {};
}

function toConsole(line: string, record: LogRecord): void {
  if (isError(record)) console.error(line);
  else console.log(line);
}
