/**
 * Where a request has reached an endpoint.
 *
 * @module
 */

import { publicUrlOf } from "@umbel/core";
import type { Environment } from "@umbel/protocol";
import type { Reached } from "./endpoint.ts";

/** Variables in which platforms say where they run something. */
const regions = ["VERCEL_REGION", "DENO_REGION", "FLY_REGION"];

/** Where: its URL without the endpoint's own paths, and the region; `address` is the public one, where it is configured. */
export function reachedBy(request: Request, environment: Environment, address?: string): Reached {
  const url = baseOf(publicUrlOf(request.url, address));
  const region = colony(request) ?? regions.map(environment).find((each) => each !== undefined);
  return { url, ...(region === undefined ? {} : { region }) };
}

/** What stands before the endpoint's own paths, `/q/<queue>`, `/failed` and `/`. */
function baseOf(url: string): string {
  const [path = ""] = url.split("?");
  const at = path.lastIndexOf("/q/");
  if (at !== -1 && !path.slice(at + "/q/".length).includes("/")) return path.slice(0, at);
  return path.replace(/\/(?:failed)?$/, "");
}

/** Cloudflare's data centre, as its requests have it. */
function colony(request: Request): string | undefined {
  const colo: unknown = Reflect.get(Object(Reflect.get(request, "cf")), "colo");
  return typeof colo === "string" ? colo : undefined;
}
