/**
 * A real Redis behind the port, through ioredis.
 *
 * One connection for commands and one for what is listened to. Commands are never sent twice: when the connection goes,
 * whoever waits is told that nothing is known, and decides.
 *
 * @module
 */

import { type ChainableCommander, Redis } from "ioredis";

import { type Channels, createChannels } from "./channels.ts";
import { type Command, CommandError, EngineUnavailable, type RedisEngine, type Reply, type Topic } from "./engine.ts";

/** Options of {@link redisServer}. */
export interface RedisServerOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** Told when the connection is lost. */
  readonly log?: (line: string) => void;
}

/** Connects to a Redis; what is asked before it is there waits for the first attempt to connect. */
export function redisServer({ url, log = console.error }: RedisServerOptions): RedisEngine {
  const commands = connect(url, log);
  const subscriber = connect(url, log);
  const channels = createChannels();
  distribute(subscriber, channels);

  return {
    async run(requested, { atomic }) {
      try {
        return await (atomic ? transaction(commands, requested) : pipeline(commands, requested));
      } catch (cause) {
        throw unavailable(cause, url);
      }
    },
    async subscribe(topic, listener) {
      channels.add(topic, listener);
      const leave = (): void => {
        if (channels.remove(topic, listener).last) void unsubscribe(subscriber, topic);
      };
      try {
        // Also when somebody listens already: then its answer says that the earlier one has arrived.
        await subscribe(subscriber, topic);
      } catch (cause) {
        leave();
        throw unavailable(cause, url);
      }
      return leave;
    },
    async close() {
      channels.lose();
      await Promise.all([quit(commands), quit(subscriber)]);
    },
  };
}

function connect(url: string, log: (line: string) => void): Redis {
  const redis = new Redis(url, {
    // RESP3 would answer other shapes than Upstash does.
    protocol: 2,
    // Together: what was under way when the connection went fails at once, and is not sent again.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Listeners are told that they may have missed something, and subscribe again if they want.
    autoResubscribe: false,
  });
  let complaint = "";
  redis.on("ready", () => {
    complaint = "";
  });
  redis.on("error", (error: Error) => {
    if (error.message !== complaint) log(`Redis: ${error.message}`);
    complaint = error.message;
  });
  return redis;
}

function distribute(subscriber: Redis, channels: Channels): void {
  subscriber.on("messageBuffer", (channel: Buffer, message: Buffer) => {
    const name = channel.toString();
    channels.tell({ kind: "channel", name }, name, message);
  });
  subscriber.on("pmessageBuffer", (pattern: Buffer | string, channel: Buffer, message: Buffer) => {
    channels.tell({ kind: "pattern", name: pattern.toString() }, channel.toString(), message);
  });
  subscriber.on("close", () => channels.lose());
}

async function pipeline(redis: Redis, requested: readonly Command[]): Promise<readonly Reply[]> {
  const results = (await fill(redis.pipeline(), requested).exec()) ?? [];
  return results.map(replyOf);
}

async function transaction(redis: Redis, requested: readonly Command[]): Promise<readonly Reply[]> {
  try {
    const results = (await fill(redis.multi(), requested).exec()) ?? [];
    return results.map(replyOf);
  } catch (error) {
    throw discarded(error);
  }
}

function fill(chain: ChainableCommander, requested: readonly Command[]): ChainableCommander {
  // In capitals, ioredis applies none of the changes that it makes to the commands it knows.
  for (const { name, args } of requested) chain.callBuffer(name.toUpperCase(), [...args]);
  return chain;
}

function replyOf([error, value]: readonly [Error | null, unknown]): Reply {
  return error ? failureOf(error) : toReply(value);
}

function toReply(value: unknown): Reply {
  if (Buffer.isBuffer(value) || typeof value === "number" || value === null) return value;
  if (Array.isArray(value)) return value.map(toReply);
  if (value instanceof Error) return failureOf(value);
  throw new EngineUnavailable("Redis answered in a way that is not RESP2");
}

/** An error that Redis answered. Any other is none of its answers, and is thrown. */
function failureOf(error: Error): CommandError {
  if (error.name === "ReplyError") return new CommandError(error.message);
  throw error;
}

/** Why a transaction was not executed: what Redis said of the first command that it refused to queue. */
function discarded(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "ReplyError") return error;
  const refusals: readonly unknown[] =
    "previousErrors" in error && Array.isArray(error.previousErrors) ? error.previousErrors : [];
  const first = refusals.find((each) => each instanceof Error) ?? error;
  return new CommandError(first.message);
}

/** What is thrown in place of what ioredis throws; its address is told, and no password that stands before it. */
function unavailable(cause: unknown, url: string): Error {
  if (cause instanceof EngineUnavailable || cause instanceof CommandError) return cause;
  const host = URL.canParse(url) ? new URL(url).host : "";
  const where = host === "" ? "where" : `at ${host}, where`;
  return new EngineUnavailable(`Redis cannot be reached ${where} the gateway's REDIS_URL says that it is`, { cause });
}

async function subscribe(redis: Redis, { kind, name }: Topic): Promise<void> {
  await (kind === "channel" ? redis.subscribe(name) : redis.psubscribe(name));
}

async function unsubscribe(redis: Redis, { kind, name }: Topic): Promise<void> {
  try {
    await (kind === "channel" ? redis.unsubscribe(name) : redis.punsubscribe(name));
  } catch {
    // The connection is gone, and every subscription with it.
  }
}

/** Lets what is under way end; a connection that is not there is given up. */
async function quit(redis: Redis): Promise<void> {
  try {
    if (redis.status === "ready") await redis.quit();
  } catch {
    // It went by itself.
  }
  redis.disconnect();
}
