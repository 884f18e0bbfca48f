/**
 * Umbel as a contender: gateway, worker and producer, each a process, joined by HTTP.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { onFreePort } from "../free-port.ts";
import { type Child, startChild } from "./child.ts";
import type { Running, UmbelSide } from "./contender.ts";
import type { BenchRedis } from "./redis.ts";

/** What runs Umbel's programs here. */
export type Runtime = "bun" | "node";

/** How each is called, from the root of the tree. */
export const commands: Readonly<Record<Runtime, readonly [string, ...string[]]>> = {
  bun: ["node_modules/.bin/bun", "--conditions=@umbel/source"],
  node: ["node_modules/.bin/node", "--conditions=@umbel/source", "--disable-warning=ExperimentalWarning"],
};

/** A gateway that listens. */
export interface RunningGateway {
  readonly child: Child;
  /** What an application needs to reach it. */
  readonly variables: Readonly<Record<string, string>>;
}

/** How Umbel's programs are started. */
export interface Starting {
  readonly runtime: Runtime;
  /** Folder for a profile of each program, for Chrome's or Bun's tools; written when it ends. */
  readonly profile?: string | undefined;
}

/** Starts a gateway on a folder; with results on a Redis when there is an address. */
export async function startGateway(
  starting: Starting,
  data: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningGateway> {
  const args = ["apps/gateway/src/main.ts", "--port", "0", "--rest-port", "0", "--data", data];
  const child = startChild([...commandOf(starting, "gateway"), ...args], environment);
  await child.until(/UPSTASH_REDIS_REST_TOKEN/);
  const pairs = [...child.output().matchAll(/^ {2}(\w+)=(\S+)$/gm)];
  return { child, variables: Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value])) };
}

/** Starts a producer of the gateway's. */
export function startProducer(starting: Starting, variables: Readonly<Record<string, string>>): Child {
  return startChild([...commandOf(starting, "producer"), "test/bench/programs/umbel-producer.ts"], variables);
}

function commandOf({ runtime, profile }: Starting, part: string): [string, ...string[]] {
  const flags =
    profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${part}.cpuprofile`];
  return [...commands[runtime], ...flags];
}

/** What Umbel is started with. */
export interface UmbelOptions extends Starting {
  /** Keeps results there instead of in the gateway's file. */
  readonly redis?: BenchRedis;
}

const Sizes = z.array(z.number());

const Requests = z.object({ publish: z.number(), store: z.number() });

/** Starts Umbel. */
export async function startUmbel({ redis, ...starting }: UmbelOptions): Promise<Running> {
  const data = mkdtempSync(join(tmpdir(), "umbel-bench-"));
  const gateway = await startGateway(starting, data, redis === undefined ? {} : { REDIS_URL: redis.url(1) });
  const { worker, workerUrl, variables } = await onFreePort(async (port) => await startWorker(starting, gateway, port));
  const producer = startProducer(starting, variables);
  const servants = [gateway.child.pid, worker.pid];
  const messageSizes: UmbelSide["messageSizes"] = async (are) => await sizesOf(producer, workerUrl, are);
  const sendEvents: UmbelSide["sendEvents"] = async (are) => {
    await fetch(`${workerUrl}/events/${are ? "sent" : "kept-back"}`);
  };

  return {
    name: redis === undefined ? "embedded" : "redis",
    ask: producer.ask,
    servants,
    all: [...servants, producer.pid, ...(redis === undefined ? [] : [redis.pid])],
    umbel: { workerUrl, requests: async () => await requestsOf(producer, workerUrl), messageSizes, sendEvents },
    async stop() {
      for (const child of [producer, worker, gateway.child]) await child.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function startWorker(starting: Starting, gateway: RunningGateway, port: number) {
  const workerUrl = `http://127.0.0.1:${port}`;
  const variables = { ...gateway.variables, PORT: String(port), UMBEL_WORKER_URL: workerUrl };
  const worker = startChild([...commandOf(starting, "worker"), "test/bench/programs/umbel-worker.ts"], variables);
  await worker.until(/listening/);
  return { worker, workerUrl, variables };
}

async function requestsOf(producer: Child, workerUrl: string): ReturnType<UmbelSide["requests"]> {
  const [publish = 0, store = 0] = await producer.ask({ scenario: "requests", count: 0 });
  const ofWorker = Requests.parse(await (await fetch(`${workerUrl}/counts`)).json());
  return { publish: publish + ofWorker.publish, store: store + ofWorker.store };
}

async function sizesOf(producer: Child, workerUrl: string, areMeasured: boolean): Promise<readonly number[]> {
  const own = await producer.ask({ scenario: "sizes", count: Number(areMeasured) });
  const ofWorker = await fetch(`${workerUrl}/sizes/${areMeasured ? "measured" : "ignored"}`);
  return [...own, ...Sizes.parse(await ofWorker.json())];
}
