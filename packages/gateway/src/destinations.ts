/**
 * Where a gateway pushes to.
 *
 * @module
 */

import { type Environment, ImproperlyConfigured, MissingSettingError } from "@umbel/protocol";

import { isLoopback } from "./http/loopback.ts";

/**
 * A gateway on loopback pushes anywhere: whoever reaches it can do so without it. One that others reach pushes only to
 * the origins in `UMBEL_WORKER_URL` and `UMBEL_QUEUES` (JSON, name to URL), so that nobody makes it call what only it
 * can reach. Throws `MissingSettingError` when neither is set, `ImproperlyConfigured` when one makes no sense.
 */
export function allowedDestinations(environment: Environment, hostname: string): (url: URL) => boolean {
  if (isLoopback(hostname)) return () => true;
  const urls = [...workerUrl(environment), ...queueUrls(environment)];
  if (urls.length === 0) {
    throw new MissingSettingError(
      "UMBEL_WORKER_URL",
      "a gateway that is not on loopback pushes only there, and to what UMBEL_QUEUES names",
    );
  }
  const origins = new Set(urls.map((url) => url.origin));
  return (url) => origins.has(url.origin);
}

function workerUrl(environment: Environment): readonly URL[] {
  const text = environment("UMBEL_WORKER_URL") ?? "";
  return text === "" ? [] : [urlOf("UMBEL_WORKER_URL", text)];
}

function queueUrls(environment: Environment): readonly URL[] {
  const text = environment("UMBEL_QUEUES") ?? "";
  if (text === "") return [];
  try {
    return Object.values(JSON.parse(text)).map((url) => urlOf("UMBEL_QUEUES", String(url)));
  } catch (cause) {
    throw new ImproperlyConfigured('UMBEL_QUEUES is not JSON of the form {"queue": "https://worker.example"}', {
      cause,
    });
  }
}

function urlOf(setting: string, text: string): URL {
  if (!URL.canParse(text)) throw new ImproperlyConfigured(`${setting}: "${text}" is not a URL`);
  return new URL(text);
}
