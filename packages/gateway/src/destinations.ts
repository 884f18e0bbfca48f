/**
 * Where a gateway pushes to.
 *
 * @module
 */

import {
  baseUrl,
  type Environment,
  ImproperlyConfigured,
  isLoopbackHost,
  isProduction,
  MissingSettingError,
  variable,
} from "@umbel/protocol";

import { type Allow, ruleOf } from "./destination-rule.ts";

const setting = "UMBEL_DESTINATIONS";

/**
 * A gateway in development, on loopback, pushes anywhere: whoever reaches it can do so without it. Any other pushes only
 * to the origins in `UMBEL_WORKER_URL` and `UMBEL_QUEUES` (JSON, name to URL) and to what `UMBEL_DESTINATIONS` adds
 * (entries with commas between, see destination-rule.ts), so that nobody makes it call what only it can reach. Throws
 * `MissingSettingError` when none is set, `ImproperlyConfigured` when one makes no sense.
 */
export function allowedDestinations(environment: Environment, hostname: string): Allow {
  const added = variable(environment, setting);
  if (added === undefined && isLoopbackHost(hostname) && !isProduction(environment)) return () => true;

  const origins = new Set([...workerUrl(environment), ...queueUrls(environment)].map((url) => new URL(url).origin));
  const entries = (added ?? "").split(",").map((entry) => entry.trim());
  const rules = entries.flatMap((entry, at) => (entry === "" ? [] : [ruleOf(entry, `${setting}: entry ${at + 1}`)]));
  if (origins.size + rules.length === 0) {
    throw new MissingSettingError(
      "UMBEL_WORKER_URL",
      `a gateway that is not in development pushes only there, to what UMBEL_QUEUES names, and to what ${setting} adds`,
    );
  }
  return (url, address) => origins.has(url.origin) || rules.some((allows) => allows(url, address));
}

function workerUrl(environment: Environment): readonly string[] {
  const url = variable(environment, "UMBEL_WORKER_URL");
  return url === undefined ? [] : [baseUrl("UMBEL_WORKER_URL", url)];
}

function queueUrls(environment: Environment): readonly string[] {
  const text = variable(environment, "UMBEL_QUEUES");
  return text === undefined ? [] : valuesIn(text).map((url) => baseUrl("UMBEL_QUEUES", String(url)));
}

function valuesIn(text: string): readonly unknown[] {
  try {
    return Object.values(JSON.parse(text));
  } catch (cause) {
    throw new ImproperlyConfigured('UMBEL_QUEUES is not JSON of the form {"queue": "https://worker.example"}', {
      cause,
    });
  }
}
