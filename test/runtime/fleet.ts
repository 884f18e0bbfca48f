/**
 * A whole installation of real processes: one gateway, and the worker app and the web app on each of the four runtimes.
 *
 * Every worker has a queue, named after its runtime; every web app sends to the worker of its own runtime. All of them
 * listen on the ports that the system gives them; what a worker is told of the others are doorways that lead there.
 *
 * @module
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UmbelOptions } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { openDoorway } from "../doorway.ts";
import { launchProgram, type RunningProgram, runtimes } from "../running-program.ts";
import { launchApp, type RuntimeName } from "./served-app.ts";

/** Something for each runtime. */
type OnEach<Thing> = Readonly<Record<RuntimeName, Thing>>;

/** What runs. */
export interface Fleet {
  readonly workers: OnEach<RunningProgram>;
  /** Addresses of the web apps. */
  readonly webs: OnEach<string>;
  /** What an application in this process needs to be part of it. */
  readonly connections: Pick<UmbelOptions, "broker" | "backend">;
  /** Kills all of it. */
  stop(): Promise<void>;
}

/** Starts everything, the gateway on the runtime that is named. */
export async function startFleet(gatewayRuntime: "bun" | "deno" | "node"): Promise<Fleet> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "umbel-fleet-"));
  started.defer(async () => await rm(folder, { recursive: true, force: true }));
  const gateway = launchGateway(gatewayRuntime);
  started.defer(() => gateway.kill("SIGKILL"));
  const variables = await variablesOf(gateway);
  const doorways = await onEach(async () => {
    const doorway = await openDoorway();
    started.defer(async () => await doorway.close());
    return doorway;
  });
  const queues = await onEach((runtime) => doorways[runtime].url);
  const serve = async (app: "worker" | "web", runtime: RuntimeName) => {
    const own = { UMBEL_QUEUES: JSON.stringify(queues), UMBEL_WORKER_URL: queues[runtime] };
    const served = await launchApp(runtime, { app, folder, environment: { ...variables, ...own } });
    started.defer(() => served.program.kill("SIGKILL"));
    return served;
  };
  const workers = await onEach(async (runtime) => {
    const { program, port } = await serve("worker", runtime);
    doorways[runtime].leadTo(port);
    return program;
  });
  const webs = await onEach(async (runtime) => `http://127.0.0.1:${(await serve("web", runtime)).port}`);
  const owned = started.move();
  return { workers, webs, connections: connectionsTo(variables, queues), stop: async () => await owned.disposeAsync() };
}

function launchGateway(runtime: "bun" | "deno" | "node"): RunningProgram {
  const flags = ["--port", "0", "--rest-port", "0", "--data", ":memory:"];
  return launchProgram([...runtimes[runtime], "apps/gateway/src/main.ts", ...flags]);
}

/** What the gateway says that an application must have in its environment. */
async function variablesOf(gateway: RunningProgram): Promise<Readonly<Record<string, string>>> {
  await gateway.until(/UPSTASH_REDIS_REST_TOKEN=.*\n/);
  const lines = gateway.output().matchAll(/^ {2}(\w+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
}

function connectionsTo(variables: Readonly<Record<string, string>>, queues: OnEach<string>): Fleet["connections"] {
  const { QSTASH_URL = "", QSTASH_TOKEN = "", UPSTASH_REDIS_REST_URL = "", UPSTASH_REDIS_REST_TOKEN = "" } = variables;
  return {
    broker: qstash({ url: QSTASH_URL, token: QSTASH_TOKEN, queues }),
    backend: upstash({ url: UPSTASH_REDIS_REST_URL, token: UPSTASH_REDIS_REST_TOKEN }),
  };
}

/** One after the other, so that the machine is not asked for all at once. */
async function onEach<Thing>(make: (runtime: RuntimeName) => Thing | Promise<Thing>): Promise<OnEach<Thing>> {
  const bun = await make("bun");
  const deno = await make("deno");
  const workerd = await make("workerd");
  const node = await make("node");
  return { bun, deno, workerd, node };
}
