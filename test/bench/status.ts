/**
 * How long an operator waits for `umbel status`: a command of its own process, over a store in which a large cluster is at work.
 * The command is what a user has: the packages as they are built for a tarball. From the sources, as the tree's own programs
 * run, Node would read 450 modules more, and take their types away.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Announcement, Backend, ClaimRequest, TaskInfo } from "@umbel/protocol";
import { withAttempts } from "@umbel/upstash-redis";
import { Umbel } from "umbel";
import { control } from "umbel/control";
import { upstash } from "umbel/upstash";
import { repository } from "./child.ts";
import { type Line, median } from "./trial.ts";
import { commands, type Runtime, startGateway } from "./umbel.ts";

/** How large the cluster is. */
interface Cluster {
  readonly workers: number;
  /** Tasks that workers hold. */
  readonly active: number;
}

const titles = {
  command: "umbel status, 1,000 workers and 100,000 active tasks",
  answer: "its answer, without the start of a process",
};

/** A line for the command, and one for what it asks of the store; the store is the gateway's own. */
export async function statusTimes({ runtime, runs, isQuick }: Options): Promise<readonly Line[]> {
  build();
  const cluster = isQuick ? { workers: 10, active: 1000 } : { workers: 1000, active: 100_000 };
  const data = mkdtempSync(join(tmpdir(), "umbel-bench-"));
  const { child, variables } = await startGateway({ runtime }, data);
  try {
    const backend = upstash({
      url: variables["UPSTASH_REDIS_REST_URL"] ?? "",
      token: variables["UPSTASH_REDIS_REST_TOKEN"] ?? "",
    });
    await fill(withAttempts(backend(() => undefined)), cluster);
    const app = new Umbel("bench", { backend });
    const times = { command: [] as number[], answer: [] as number[] };
    for (let time = 0; time < runs; time += 1) {
      times.command.push(await timed(() => runStatus(runtime, variables, cluster)));
      times.answer.push(await timed(async () => countNodes((await control(app).status()).nodes, cluster)));
    }
    return (["command", "answer"] as const).map((each) => lineOf(each, times[each]));
  } finally {
    await child.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

interface Options {
  readonly runtime: Runtime;
  readonly runs: number;
  readonly isQuick: boolean;
}

/** Builds the packages; nothing where they are as they were. */
function build(): void {
  const { status, stdout } = spawnSync("npm", ["run", "build"], { cwd: repository, encoding: "utf8" });
  if (status !== 0) throw new Error(`The packages cannot be built: ${stdout}`);
}

/** Milliseconds. */
async function timed(work: () => void | Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function runStatus(runtime: Runtime, variables: Readonly<Record<string, string>>, cluster: Cluster): void {
  const [program] = commands[runtime];
  const args = ["packages/cli/dist/node/bin.js", "-A", "test/bench/programs/umbel-app.ts", "status", "--json"];
  const env = { ...process.env, ...variables };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: repository, encoding: "utf8", env });
  if (status !== 0) throw new Error(`umbel status failed: ${stderr}`);
  countNodes(Status.parse(JSON.parse(stdout)).nodes, cluster);
}

const Status = z.object({ nodes: z.array(z.unknown()) });

function countNodes(nodes: readonly unknown[], { workers }: Cluster): void {
  if (nodes.length !== workers) throw new Error(`${nodes.length} workers are online in place of ${workers}`);
}

function lineOf(which: keyof typeof titles, runs: readonly number[]): Line {
  const figure = which === "command" ? "status" : "status-answer";
  const values = { embedded: median(runs) };
  return { figure, title: titles[which], unit: "ms", better: "less", values, runs: { embedded: runs } };
}

/** Tasks that are claimed at a time. */
const together = 500;

/** Lets each worker hold its share, and say that it serves. */
async function fill(backend: Backend, { workers, active }: Cluster): Promise<void> {
  for (let first = 0; first < active; first += together) {
    const few = Array.from({ length: Math.min(together, active - first) }, (_, at) => first + at);
    await Promise.all(few.map(async (at) => await backend.claim(claimOf(at, workers))));
  }
}

/** Seconds for which all of it is held. */
const life = 3600;

/** The workers take turns; each says with its first claim that it serves. */
function claimOf(at: number, workers: number): ClaimRequest {
  const worker = `worker@shop${at % workers}`;
  const id = `0d8e5b4c-6f2a-4c5e-9b3d-${String(at).padStart(12, "0")}`;
  const about = JSON.stringify(infoOf(id, worker));
  const notes = { worker, queue: "default", task: "shop.pay", about, directives: "" };
  const sighting = { worker, text: JSON.stringify(announcement), life };
  return {
    id,
    retries: 0,
    generation: 0,
    token: id,
    lease: life,
    retention: life,
    notes: at < workers ? { ...notes, sighting } : notes,
  };
}

function infoOf(id: string, hostname: string): TaskInfo {
  return {
    id,
    name: "shop.pay",
    args: "('order', 7)",
    kwargs: "{}",
    type: "shop.pay",
    hostname,
    time_start: Date.now() / 1000,
    acknowledged: false,
    delivery_info: { exchange: "", routing_key: "default" },
    worker_pid: null,
  };
}

const announcement: Announcement = {
  app: "shop",
  runtime: "workerd",
  version: "0.1.0",
  since: Date.now() / 1000,
  freq: 30,
  queues: ["default"],
  tasks: Array.from({ length: 20 }, (_, at) => ({ name: `shop.task${at}` })),
  taskEvents: true,
};
