/**
 * Keeps web pages away from a gateway whose token is public.
 *
 * On loopback the development token is no secret, so a page that is open in a developer's browser could use it: by a
 * request that needs no permission (token in the query), or under a name of its own that resolves to 127.0.0.1.
 *
 * @module
 */

import { isLoopback } from "@umbel/protocol";

import type { Fetch } from "./listen.ts";

/** Refuses what comes from a page that is not served by this machine, or is meant for another host name. */
export function localOnly(fetch: Fetch): Fetch {
  return (request, env) => (isLocal(request) ? fetch(request, env) : refusal());
}

function isLocal(request: Request): boolean {
  const origin = request.headers.get("origin");
  return (
    isLoopback(request.url) &&
    (origin === null || (URL.canParse(origin) && isLoopback(origin))) &&
    request.headers.get("sec-fetch-site") !== "cross-site"
  );
}

function refusal(): Response {
  const error =
    "With the public development token only programs and pages of this machine are served; set a token of your own";
  return Response.json({ error }, { status: 403 });
}
