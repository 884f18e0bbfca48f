/**
 * The numbers over HTTP, as Prometheus asks for them.
 *
 * @module
 */

import { isSameSecret, problem } from "@umbel/core";
import type { Registry } from "prom-client";

/** Options of {@link metricsEndpoint}. */
export interface EndpointOptions {
  /** A bearer token that is asked for. Without one everybody may read: names of tasks, queues and workers, and how many. */
  readonly token?: string;
}

/**
 * Makes what answers `GET /metrics`: `Bun.serve({ routes: { "/metrics": metricsEndpoint(register) } })`, or with Hono
 * `routes.get("/metrics", (c) => answer(c.req.raw))`.
 */
export function metricsEndpoint(
  register: Registry,
  { token }: EndpointOptions = {},
): (request: Request) => Promise<Response> {
  return async ({ method, headers }) => {
    if (method !== "GET" && method !== "HEAD")
      return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
    if (token !== undefined && !(await isSameSecret(headers.get("authorization") ?? "", `Bearer ${token}`))) {
      const detail = "The numbers are for whoever has their token: Authorization: Bearer ...";
      return problem({ status: 401, code: "UNAUTHORIZED", detail }, { "www-authenticate": "Bearer" });
    }
    const body = method === "HEAD" ? null : await register.metrics();
    return new Response(body, { headers: { "content-type": register.contentType, "cache-control": "no-store" } });
  };
}
