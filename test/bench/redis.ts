/**
 * The one Redis that all contenders share, and what it has been asked.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { onFreePort } from "../free-port.ts";
import { startChild } from "./child.ts";

/** How the server keeps what it is told: as its users mostly do, within a second. */
export const persistence: readonly string[] = ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"];

/** Commands so far. */
export interface Watch {
  /** As clients sent them; all, or those whose name is none of these. */
  sent(without?: readonly string[]): number;
  /** With those that scripts called. */
  all(): number;
  /** Bytes of what was put into lists, as Celery's messages are, in order. */
  pushed(): readonly number[];
  /** Resolves once nothing has come for half a second. */
  quiet(): Promise<void>;
  stop(): void;
}

/** The server. */
export interface BenchRedis {
  readonly pid: number;
  /** The address of one of its numbered databases. */
  url(database: number): string;
  /** Begins to count what one of its databases is asked. */
  watch(database: number): Promise<Watch>;
  /** Bytes that it keeps in memory now, by INFO. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

/** The version of the installed redis-server; undefined when there is none. */
export function redisVersion(): string | undefined {
  const { status, stdout } = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
  return status === 0 ? /v=(\S+)/.exec(stdout)?.[1] : undefined;
}

/** Starts a server of the bench's own. */
export async function startRedis(): Promise<BenchRedis> {
  const directory = mkdtempSync(join(tmpdir(), "umbel-bench-redis-"));
  const { port, child } = await onFreePort(async (tried) => {
    const place = ["--port", String(tried), "--bind", "127.0.0.1", "--dir", directory];
    const server = startChild(["redis-server", ...place, ...persistence]);
    await server.until(/Ready to accept connections/);
    return { port: tried, child: server };
  });
  const client = new Redis(port, "127.0.0.1");

  return {
    pid: child.pid,
    url: (database) => `redis://127.0.0.1:${port}/${database}`,
    watch: async (database) => await watch(client, database),
    memory: async () => Number(/^used_memory:(\d+)/m.exec(await client.info("memory"))?.[1]),
    async stop() {
      client.disconnect();
      await child.stop("SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** When, what, by whom, in which database. */
type Monitored = [time: string, command: string[], source: string, database: string];

/** By MONITOR: INFO commandstats does not tell what clients sent from what scripts called. */
async function watch(client: Redis, database: number): Promise<Watch> {
  const monitor = await client.monitor();
  const sent: string[] = [];
  const pushed: number[] = [];
  let inScripts = 0;
  let last = performance.now();
  monitor.on("monitor", (...[, [name = "", , value = ""], source, where]: Monitored) => {
    if (where !== String(database)) return;
    last = performance.now();
    if (source === "lua") inScripts += 1;
    else sent.push(name.toLowerCase());
    if (name.toLowerCase() === "lpush") pushed.push(Buffer.byteLength(value));
  });
  return {
    sent: (without = []) => sent.filter((name) => !without.includes(name)).length,
    all: () => sent.length + inScripts,
    pushed: () => pushed,
    async quiet() {
      while (performance.now() - last < 500) await new Promise((resolve) => void setTimeout(resolve, 100));
    },
    stop: () => monitor.disconnect(),
  };
}
