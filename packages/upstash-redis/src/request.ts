/**
 * One request to the store, through Upstash's client; every error that leaves is ours.
 *
 * @module
 */

import {
  BackendUnavailable,
  isLoopback,
  mergeCalls,
  MessageTooLargeError,
  networkCode,
  type SendItems,
  timerOf,
} from "@umbel/protocol";
// The client for Workers is the one that needs nothing but fetch.
import { Redis, type UpstashResponse } from "@upstash/redis/cloudflare";
import type { Address } from "./settings.ts";

/** What a command is put into. */
type Pipeline = ReturnType<Redis["pipeline"]>;

/** One command. */
export interface Command {
  /** Characters of its texts, roughly. */
  readonly size: number;
  /** Keys that it cannot do without: its error names them. */
  readonly keys?: readonly string[];
  readonly putInto: (pipeline: Pipeline) => void;
}

/** What one of them answered. */
export type Row = UpstashResponse<unknown>;

/** Sends commands; nothing when there are none. */
export type Request = SendItems<Command, Row>;

/** How requests are made. */
export interface Requesting {
  /** Seconds for one request with its repetitions; may be Infinity. */
  readonly timeout: number;
  /** Whether commands that are asked for at the same time share a request. */
  readonly merge: boolean;
}

/**
 * Most that share a request, by bytes far below the megabyte that Upstash takes at least. The commands are those of
 * different tasks, each of which may be repeated.
 */
const mostMerged = { calls: 4, items: 100, size: 250_000, sizeOf: ({ size }: Command) => size };

/** Requests to the store at an address. Throws `ImproperlyConfigured` for a time-out that leaves no time. */
export function requestsTo({ url, token }: Address, { timeout, merge }: Requesting): Request {
  const limit = timerOf("timeout", timeout);
  const redis = new Redis({
    url,
    token,
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
    // As a function it makes the client throw, instead of answering "Aborted" as if the store had.
    ...(limit === undefined ? {} : { signal: () => AbortSignal.timeout(limit) }),
  });

  async function send(commands: readonly Command[]): Promise<readonly Row[]> {
    if (commands.length === 0) return [];
    const pipeline = redis.pipeline();
    for (const { putInto } of commands) putInto(pipeline);
    try {
      return await pipeline.exec({ keepErrors: true });
    } catch (cause) {
      throw unavailable(cause, url);
    }
  }

  const late = (): Error => unavailable(new Error(`in ${timeout} seconds`), url);
  return merge ? mergeCalls(send, { ...mostMerged, limit, late }) : send;
}

/** What a command on these keys answered; throws when it was an error. */
export function resultOf({ result, error }: Row, keys: readonly string[] = []): unknown {
  if (error) throw unavailable(new Error(error.includes("WRONGTYPE ") ? wrongType(keys) : error));
  return result;
}

/** Redis does not say which key it is. */
function wrongType(keys: readonly string[]): string {
  const which = keys.length === 1 ? String(keys[0]) : `one of ${keys.join(", ")}`;
  const mend = "delete it, or keep Umbel's keys apart by upstash({ prefix })";
  return `WRONGTYPE: ${which} holds something that is not Umbel's; ${mend}`;
}

/**
 * Our error for what the client or the store said. The client repeats all commands in its message: they are cut off, from
 * the cause too, which may be logged, and stored as what a task failed of. `url` is where the store was asked.
 */
function unavailable(thrown: unknown, url?: string): BackendUnavailable | MessageTooLargeError {
  const [reason = "", commands] = (thrown instanceof Error ? thrown.message : String(thrown)).split(", command was:");
  const cause = commands === undefined ? thrown : new Error(reason);
  if (/max (request|single record) size/.test(reason))
    return new MessageTooLargeError(`upstash-redis: ${reason}`, { cause });
  if (url !== undefined && !isAnswer(thrown)) {
    const hint = isLoopback(url)
      ? "does the gateway run? npx umbel gateway starts it, npm run gateway in Umbel's own tree; "
      : "";
    const text = `no answer from ${url} (${networkCode(thrown) ?? reason}): ${hint}UPSTASH_REDIS_REST_URL says where the store is`;
    return new BackendUnavailable(`upstash-redis: ${text}`, { cause });
  }
  const wrong = reason.includes("WRONGPASS") ? "the token is wrong: " : "";
  return new BackendUnavailable(`upstash-redis: ${wrong}${reason}${hintFor(reason)}`, { cause });
}

/** What is to be set so that a store does not say this. */
function hintFor(reason: string): string {
  if (reason.includes("WRONGPASS")) return " (UPSTASH_REDIS_REST_TOKEN)";
  return reason.includes("CROSSSLOT") ? " (a Redis Cluster wants upstash({ cluster: true }))" : "";
}

/** Whether the store has said something, be it nonsense: the client has classes of its own for that. */
function isAnswer(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name.startsWith("Upstash");
}
