/**
 * A real redis-server, on a free port, with nothing on the disk.
 *
 * @module
 */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

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

/** Below the ports that systems give to outgoing connections, which may take one before the server does. */
const [lowest, highest] = [20_000, 32_000] as const;

/** Starts one, on `port` if it has to be the same as before. A port that somebody has is not tried again. */
export async function startRedis(port?: number, tries: number = 5): Promise<RedisProcess> {
  const chosen = port ?? lowest + Math.floor(Math.random() * (highest - lowest));
  const directory = mkdtempSync(join(tmpdir(), "umbel-redis-"));
  const options = ["--port", String(chosen), "--bind", "127.0.0.1", "--save", "", "--dir", directory];
  const child = spawn(program, options, { stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(child, "exit");
  const said = await saidBeforeReady(child.stdout);
  if (said !== undefined) {
    await exited;
    rmSync(directory, { recursive: true, force: true });
    if (port === undefined && tries > 1) return await startRedis(port, tries - 1);
    throw new Error(`${program} does not start on ${chosen}:\n${said}`);
  }

  return {
    url: `redis://127.0.0.1:${chosen}`,
    async stop() {
      child.kill("SIGKILL");
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What it has said when it has ended; undefined once it is ready. What it says later is read, and nobody's. */
async function saidBeforeReady(output: Readable): Promise<string | undefined> {
  return await new Promise((resolve) => {
    let said = "";
    output.on("data", (chunk: Buffer) => {
      said += String(chunk);
      if (said.includes("Ready to accept connections")) resolve(undefined);
    });
    output.once("close", () => resolve(said));
  });
}
