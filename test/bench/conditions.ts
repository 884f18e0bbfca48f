/**
 * What the figures were measured on and with.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { bullmqVersion } from "./bullmq.ts";
import { celeryVersion } from "./celery.ts";
import { persistence, redisVersion } from "./redis.ts";
import type { Runtime } from "./umbel.ts";

/** The machine, the versions, and how Redis keeps its data. */
export interface Conditions {
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  /** Bytes. */
  readonly memory: number;
  /** Of the last minute before the bench began: what else the machine had to do. */
  readonly load: number;
  /** Measurements of which a figure is the median. */
  readonly runs: number;
  /** What Umbel's gateway, worker and producer run on. */
  readonly umbel: string;
  readonly celery: string;
  readonly bullmq: string;
  readonly redis: string;
}

/** Looks at this machine. */
export function conditionsOf(runtime: Runtime, runs: number): Conditions {
  const runtimes = { bun: `Bun ${versionOf("bun")}`, node: `Node ${versionOf("node")}` };
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? "unknown",
    memory: totalmem(),
    load: loadavg()[0] ?? 0,
    runs,
    umbel: `gateway, worker and producer each one process on ${runtimes[runtime]}, the log synced before each answer`,
    celery: `${celeryVersion() ?? "missing"}, prefork -c 2, default prefetch, results on, events off`,
    bullmq: `${bullmqVersion() ?? "missing"} on Node ${versionOf("node")}, one worker process, concurrency 100`,
    redis: `${redisVersion() ?? "missing"}, ${persistence.join(" ").replace(/^--save {2}/, "")}`,
  };
}

function versionOf(runtime: Runtime): string {
  const { stdout } = spawnSync(`node_modules/.bin/${runtime}`, ["--version"], { encoding: "utf8" });
  return stdout.trim().replace(/^v/, "");
}
