/**
 * The numbers over HTTP, as Prometheus asks for them.
 *
 * @module
 */

import { isSameSecret, unauthorized } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import type { Registry } from "prom-client";

/** Options of {@link metricsEndpoint}. */
export interface EndpointOptions {
  /** A bearer token that is asked for. Without the option everybody may read: names of tasks, queues and workers, and how many. */
  readonly token?: string;
}

/**
 * Makes what answers `GET /metrics`: `Bun.serve({ routes: { "/metrics": metricsEndpoint(register) } })`, or with Hono
 * `routes.get("/metrics", (c) => answer(c.req.raw))`. Throws `ImproperlyConfigured` for a token that is empty.
 */
export function metricsEndpoint(
  register: Registry,
  options: EndpointOptions = {},
): (request: Request) => Promise<Response> {
  const { token } = options;
  if ("token" in options && !token)
    throw new ImproperlyConfigured("The token of metricsEndpoint() is empty: give a secret, or leave the option out");
  return async ({ method, headers }) => {
    if (method !== "GET" && method !== "HEAD")
      return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
    if (token !== undefined && !(await isSameSecret(headers.get("authorization") ?? "", `Bearer ${token}`))) {
      return unauthorized("The numbers are for whoever has their token: Authorization: Bearer ...");
    }
    const body = method === "HEAD" ? null : await register.metrics();
    return new Response(body, { headers: { "content-type": register.contentType, "cache-control": "no-store" } });
  };
}
