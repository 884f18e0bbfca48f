/**
 * Redis without a server: commands executed on SQLite.
 *
 * Each request is one transaction, on the disk before it is answered; requests that arrive together share one commit,
 * in the order in which they came. Messages are published when what was stored with them is on the disk, so whoever is
 * woken by one finds it. The clock stands still within a request.
 *
 * @module
 */

import type { StoreScript } from "@umbel/protocol";

import type { Database } from "../../store/database.ts";
import { type Channels, createChannels } from "../channels.ts";
import { type Command, CommandError, EngineUnavailable, type RedisEngine, type Reply } from "../engine.ts";
import { type CommandTable, execute, find } from "./command-table.ts";
import { expiryCommands } from "./expiry.ts";
import { hashCommands } from "./hashes.ts";
import { keyCommands } from "./keys.ts";
import { type Keyspace, openKeyspace } from "./keyspace.ts";
import { listCommands } from "./lists.ts";
import { createOutbox, type Outbox, type Publication } from "./outbox.ts";
import { scriptCommands } from "./scripts.ts";
import { serverCommands } from "./server.ts";
import { setCommands } from "./sets.ts";
import { sortedSetCommands } from "./sorted-sets.ts";
import { streamCommands } from "./streams.ts";
import { stringCommands } from "./strings.ts";
import { sweeper } from "./sweep.ts";

/** Options of {@link embeddedEngine}. */
export interface EmbeddedEngineOptions {
  /** Belongs to the caller, who closes it. */
  readonly database: Database;
  /** What EVAL can run. */
  readonly scripts?: readonly StoreScript[];
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Creates an engine on a database; its tables are its own. */
export function embeddedEngine(options: EmbeddedEngineOptions): RedisEngine {
  const { database, scripts = [], now = Date.now } = options;
  const channels = createChannels();
  const outbox = createOutbox();
  let instant = 0;
  const keyspace = openKeyspace(database, () => instant);
  const commands = commandsOn(keyspace, { database, scripts, outbox, channels });
  const sweep = sweeper(keyspace);

  function perform(requested: readonly Command[]): { replies: readonly Reply[]; published: readonly Publication[] } {
    instant = Math.floor(now());
    outbox.take();
    keyspace.forget();
    sweep();
    const replies = requested.map((command) => replyTo(commands, command));
    keyspace.save();
    return { replies, published: outbox.take() };
  }

  return {
    async run(requested, { atomic }) {
      if (atomic) for (const command of requested) find(commands, command);
      const { replies, published } = await store(database, () => perform(requested));
      for (const { channel, message } of published) channels.publish(channel, message);
      return replies;
    },
    async subscribe(topic, listener) {
      channels.add(topic, listener);
      return () => void channels.remove(topic, listener);
    },
    async close() {
      channels.lose();
    },
  };
}

interface Host {
  readonly database: Database;
  readonly scripts: readonly StoreScript[];
  readonly outbox: Outbox;
  readonly channels: Channels;
}

function commandsOn(keyspace: Keyspace, { database, scripts, outbox, channels }: Host): CommandTable {
  const plain: CommandTable = {
    ...serverCommands({
      now: () => keyspace.now(),
      publish(channel, message) {
        outbox.add({ channel, message });
        return channels.audience(channel);
      },
    }),
    ...keyCommands(keyspace),
    ...expiryCommands(keyspace),
    ...stringCommands(keyspace),
    ...hashCommands(keyspace),
    ...listCommands(keyspace),
    ...setCommands(keyspace),
    ...sortedSetCommands(keyspace),
    ...streamCommands(keyspace),
  };

  function attempt<T>(work: () => T): T {
    return outbox.attempt(() => database.undoable(() => keyspace.part(work)));
  }

  return { ...plain, ...scriptCommands({ scripts, commands: plain, attempt }) };
}

function replyTo(commands: CommandTable, command: Command): Reply {
  try {
    return execute(commands, command);
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
}

async function store<T>(database: Database, work: () => T): Promise<T> {
  try {
    return await database.write(work);
  } catch (cause) {
    throw new EngineUnavailable(`The data could not be stored: ${String(cause)}`, { cause });
  }
}
