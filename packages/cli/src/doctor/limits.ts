/**
 * Whether limits of tasks, broker and store go together.
 *
 * @module
 */

import { secondsOf } from "@umbel/protocol";
import type { Umbel } from "umbel";
import { type Finding, good, warning } from "./finding.ts";

/** What the application wants and what its adapters can do. */
export function lookAtLimits({ conf, broker, tasks }: Umbel): readonly Finding[] {
  const { maxDelay, maxMessageSize, retryHorizon, flowControl } = broker.traits;
  const found: Finding[] = [];
  const expires = conf.resultExpires === null ? Infinity : secondsOf(conf.resultExpires);
  if (expires < 60) {
    found.push(
      warning("limits", `results stay ${expires} s`, "a caller that polls may come too late: raise resultExpires"),
    );
  }
  const limited = [...tasks.values()].filter(({ options }) => (options.rateLimit ?? null) !== null);
  if (limited.length > 0 && !flowControl) {
    const names = limited.map(({ name }) => name).join(", ");
    found.push(warning("limits", `${names} have rate limits, which the broker does not keep`, "take another broker"));
  }
  const detail =
    `messages to ${maxMessageSize} bytes, delays to ${timeOf(maxDelay)}, ` +
    `failed deliveries repeated for ${timeOf(retryHorizon)}, results kept for ${timeOf(expires)}`;
  return found.length > 0 ? found : [good("limits", detail)];
}

function timeOf(seconds: number): string {
  if (!Number.isFinite(seconds)) return "ever";
  if (seconds >= 86_400) return `${(seconds / 86_400).toFixed(1)} days`;
  return seconds >= 3600 ? `${(seconds / 3600).toFixed(1)} hours` : `${Math.round(seconds / 60)} minutes`;
}
