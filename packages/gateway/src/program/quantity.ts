/**
 * Numbers as a command line has them. Each function throws `RangeError`: what stands after the setting's name.
 *
 * @module
 */

import { parseDuration } from "../push/duration.ts";

/** A port; 0 is any. */
export function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new RangeError(`takes a port from 0 (any) to 65535, not "${text}"`);
}

/** A number from 1. */
export function countOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new RangeError(`takes a whole number from 1, not "${text}"`);
}

const units: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes: `1048576`, `1024k`, `1m`. */
export function bytesOf(text: string): number {
  const [, amount, unit = ""] = /^([1-9]\d{0,9})([kmg]?)$/.exec(text.toLowerCase()) ?? [];
  const bytes = Number(amount) * (units[unit] ?? 1);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new RangeError(`takes a number of bytes, such as 512k or 10m, not "${text}"`);
}

/** Seconds: `90s`, `2h`, `1d12h`. */
export function secondsOf(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== undefined && seconds > 0) return seconds;
  throw new RangeError(`takes a duration, such as 90s, 2h or 30d, not "${text}"`);
}
