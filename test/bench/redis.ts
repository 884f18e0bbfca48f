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
import { freePort } from "../free-port.ts";
import { startChild } from "./child.ts";

/** How the server keeps what it is told: as its users mostly do, within a second. */
export const persistence: readonly string[] = ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"];

/** The server. */
export interface BenchRedis {
  readonly pid: number;
  /** The address of one of its numbered databases. */
  url(database: number): string;
  /** How often each command was called since the server began, also by scripts; lower case. */
  calls(): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
}

/** The version of the installed redis-server; undefined when there is none. */
export function redisVersion(): string | undefined {
  const { status, stdout } = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
  return status === 0 ? /v=(\S+)/.exec(stdout)?.[1] : undefined;
}

/** Starts a server of the bench's own. */
export async function startRedis(): Promise<BenchRedis> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "umbel-bench-redis-"));
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory];
  const child = startChild(["redis-server", ...place, ...persistence]);
  await child.until(/Ready to accept connections/);
  const client = new Redis(port, "127.0.0.1");

  return {
    pid: child.pid,
    url: (database) => `redis://127.0.0.1:${port}/${database}`,
    async calls() {
      const text = await client.info("commandstats");
      const lines = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
      return new Map(lines.map(([, name = "", count]) => [name, Number(count)]));
    },
    async stop() {
      client.disconnect();
      await child.stop("SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
