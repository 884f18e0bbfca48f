/**
 * A real redis-server, on a free port, with nothing on the disk.
 *
 * @module
 */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

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
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "umbel-redis-"));
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory, ...more];
  const child = spawn("redis-server", options, { stdio: "ignore" });
  await listening(port);

  return {
    url: `redis://127.0.0.1:${port}/0`,
    async stop() {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  for (let times = 0; times < 500; times += 1) {
    const socket = connect(port, "127.0.0.1");
    const accepted = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (accepted) return;
    await new Promise((resolve) => void setTimeout(resolve, 20));
  }
  throw new Error(`Nothing listens on port ${port}`);
}
