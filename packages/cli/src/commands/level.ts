/**
 * Levels of log lines as people write them.
 *
 * @module
 */

import type { LogLevel } from "umbel";
import { UsageError } from "../failure.ts";

const levels: Readonly<Record<string, LogLevel>> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  warning: "WARNING",
  error: "ERROR",
  critical: "CRITICAL",
  fatal: "CRITICAL",
};

/** A level in whatever writing, by Python's other names too. Throws `UsageError`. */
export function levelOf(flag: string, text: string): LogLevel {
  const level = levels[text.toLowerCase()];
  if (level !== undefined) return level;
  throw new UsageError(`${flag} takes debug, info, warning, error or critical, not "${text}"`);
}
