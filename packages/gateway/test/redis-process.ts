/**
 * A real redis-server, on a free port, with nothing on the disk.
 *
 * @module
 */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A running server. */
export interface RedisProcess {
  readonly url: string;
  /** Kills it without a word. */
  stop(): Promise<void>;
}

const program = "redis-server";

/** Whether there is a redis-server; says once how to get one when there is none. */
export const hasRedis: boolean = spawnSync(program, ["--version"]).status === 0;

if (!hasRedis) {
  const advice = "apt-get install redis-server";
  if (process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(`redis-server is missing: ${advice}`);
  console.warn(`Skipped: tests that need redis-server (${advice})`);
}

/** Starts one, on `port` if it has to be the same as before. */
export async function startRedis(port?: number): Promise<RedisProcess> {
  const chosen = port ?? (await freePort());
  const directory = mkdtempSync(join(tmpdir(), "umbel-redis-"));
  const options = ["--port", String(chosen), "--bind", "127.0.0.1", "--save", "", "--dir", directory];
  const child = spawn(program, options, { stdio: "ignore" });
  await listening(chosen);

  return {
    url: `redis://127.0.0.1:${chosen}`,
    async stop() {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address: AddressInfo | string | null = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port is free");
  return address.port;
}

async function listening(port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await accepts(port))) {
    if (Date.now() > deadline) throw new Error(`Nothing listens on ${port}`);
    await new Promise((resolve) => void setTimeout(resolve, 20));
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
