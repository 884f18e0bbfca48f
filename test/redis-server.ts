/**
 * A real redis-server, on a free port, with nothing on the disk.
 *
 * @module
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onFreePort } from "./free-port.ts";
import { launchProgram, poll } from "./running-program.ts";

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

/** Starts a cluster of one server, which has every slot: it refuses a script whose keys are in two. */
export async function startRedisCluster(): Promise<RedisServer> {
  const server = await startRedisServer(["--cluster-enabled", "yes"]);
  const { port } = new URL(server.url);
  const ask = (...words: readonly string[]) => execFileSync("redis-cli", ["-p", port, "CLUSTER", ...words]).toString();
  ask("ADDSLOTSRANGE", "0", "16383");
  if (await poll(30, () => ask("INFO").includes("cluster_state:ok"))) return server;
  await server.stop();
  throw new Error("The cluster does not come up");
}
