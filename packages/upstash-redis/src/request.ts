/**
 * One request to the store, through Upstash's client; every error that leaves is ours.
 *
 * @module
 */

import { BackendUnavailable, MessageTooLargeError } from "@umbel/protocol";
// The client for Workers is the one that needs nothing but fetch.
import { Redis, type UpstashResponse } from "@upstash/redis/cloudflare";
import type { Address } from "./settings.ts";

/** Commands that are sent together, in order. */
export type Pipeline = ReturnType<Redis["pipeline"]>;

/** What one of them answered. */
export type Row = UpstashResponse<unknown>;

/** Sends the commands that `fill` puts into a pipeline; nothing when there are none. */
export type Request = (fill: (pipeline: Pipeline) => void) => Promise<readonly Row[]>;

/** Requests to the store at an address; `timeout` is in seconds, for one request with its repetitions. */
export function requestsTo({ url, token }: Address, timeout: number): Request {
  const redis = new Redis({
    url,
    token,
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
    // As a function it makes the client throw, instead of answering "Aborted" as if the store had.
    signal: () => AbortSignal.timeout(timeout * 1000),
  });

  return async (fill) => {
    const pipeline = redis.pipeline();
    fill(pipeline);
    if (pipeline.length() === 0) return [];
    try {
      return await pipeline.exec({ keepErrors: true });
    } catch (cause) {
      throw unavailable(cause);
    }
  };
}

/** What a command answered; throws when it was an error. */
export function resultOf({ result, error }: Row): unknown {
  if (error) throw unavailable(new Error(error));
  return result;
}

/**
 * Our error for what the client or the store said. The client repeats all commands in its message: they are cut off, from
 * the cause too, which may be logged, and stored as what a task failed of.
 */
function unavailable(thrown: unknown): BackendUnavailable | MessageTooLargeError {
  const [reason = "", commands] = (thrown instanceof Error ? thrown.message : String(thrown)).split(", command was:");
  const cause = commands === undefined ? thrown : new Error(reason);
  if (/max (request|single record) size/.test(reason))
    return new MessageTooLargeError(`upstash-redis: ${reason}`, { cause });
  const hint = reason.includes("WRONGPASS") ? " (UPSTASH_REDIS_REST_TOKEN)" : "";
  return new BackendUnavailable(`upstash-redis: ${reason}${hint}`, { cause });
}
