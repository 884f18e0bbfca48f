/**
 * Hands the runtime's bindings to the application: on Workers they come with each request only (delivery.md 22).
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import type { WorkerApplication } from "./worker.ts";

/** Middleware that tells the application its environment, as far as the runtime gives one with the request. */
export function useEnvironmentOf(app: Pick<WorkerApplication, "useEnvironment">): MiddlewareHandler {
  return async (context, next) => {
    app.useEnvironment(context.env);
    await next();
  };
}
