/**
 * A real redis-server, on a free port, with nothing on the disk.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onFreePort } from "./free-port.ts";
import { launchProgram } from "./running-program.ts";

/** Whether there is a redis-server; says how to get one when there is none. */
export const hasRedisServer: boolean = spawnSync("redis-server", ["--version"]).status === 0;

if (!hasRedisServer) {
  const advice = "redis-server is missing: apt-get install redis-server";
  if (process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(advice);
  console.warn(`Skipped tests: ${advice}`);
}

/** A running server. */
export interface RedisServer {
  readonly url: string;
  /** Kills it without a word. */
  stop(): Promise<void>;
}

/** Starts a server, with more words on its command line when they are given. */
export async function startRedisServer(more: readonly string[] = []): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), "umbel-redis-"));
  const { port, server } = await onFreePort(async (tried) => {
    const place = ["--port", String(tried), "--bind", "127.0.0.1", "--dir", directory];
    const program = launchProgram(["redis-server", ...place, "--save", "", ...more]);
    await program.until(/Ready to accept connections/);
    return { port: tried, server: program };
  });

  return {
    url: `redis://127.0.0.1:${port}/0`,
    async stop() {
      await server.killed();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
