/**
 * A redis-server that keeps what it has answered on the disk: it can be frozen, killed, and started again.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onFreePort } from "../free-port.ts";
import type { RunningProgram } from "../running-program.ts";
import { type AtEnd, startChild } from "./child-program.ts";

/** A server that ends with the test. */
export interface RedisProcess {
  readonly url: string;
  /** Makes it deaf and dumb; its connections stay. */
  freeze(): void;
  thaw(): void;
  kill(): void;
  /** Starts it again, on the same port, with what it had. */
  restart(): Promise<void>;
}

/** Starts one on a free port, with nothing in it. */
export async function startRedisProcess(atEnd: AtEnd): Promise<RedisProcess> {
  const directory = mkdtempSync(join(tmpdir(), "umbel-redis-"));
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  const first = await onFreePort(async (tried) => ({ port: tried, server: await start(atEnd, tried, directory) }));
  const { port } = first;
  let { server } = first;
  return {
    url: `redis://127.0.0.1:${port}/0`,
    freeze: () => void process.kill(server.pid, "SIGSTOP"),
    thaw: () => void process.kill(server.pid, "SIGCONT"),
    kill: () => server.kill("SIGKILL"),
    async restart() {
      server = await start(atEnd, port, directory);
    },
  };
}

async function start(atEnd: AtEnd, port: number, directory: string): Promise<RunningProgram> {
  const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory];
  const server = startChild(atEnd, { command: ["redis-server", ...place, ...durable] });
  await server.until(/Ready to accept connections/);
  return server;
}
