/**
 * The worker: a Hono app that turns pushes into attempts.
 *
 * It brings along what only workers need of our adapters.
 *
 * @module
 */

import { withPushes } from "@umbel/qstash";
import { withAttempts } from "@umbel/upstash-redis";
import { worker as serve } from "@umbel/worker";

/**
 * Makes the Hono app that serves an application's queues: `POST /q/:queue` for pushes, `POST /failed` for messages that
 * the broker has given up, `GET /` for people and health checks, which answers 503 while a setting is missing. Serve it as
 * it is, or `route()` it into yours. Other halves that are given are asked before ours.
 */
export const worker: typeof serve = (app, options) => {
  const { brokers = [], backends = [] } = options ?? {};
  return serve(app, { ...options, brokers: [...brokers, withPushes], backends: [...backends, withAttempts] });
};

export type { OtherHalves, Whole } from "@umbel/core";
export type { BackgroundOptions, WatchedOptions, WorkerApplication, WorkerOptions } from "@umbel/worker";
