/**
 * What `umbel dev` does: a gateway in this process, a worker with beat in another, which is started anew when code changes.
 *
 * @module
 */

import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ServedGateway } from "@umbel/gateway";
import { readAddress } from "../application/module-address.ts";
import { eventLines } from "../dev/event-lines.ts";
import { partLines, type Say } from "../dev/part-lines.ts";
import { freePort, untilFree } from "../dev/ports.ts";
import { watchFiles } from "../dev/watch-files.ts";
import { startWorkerProcess, type WorkerProcess } from "../dev/worker-process.ts";
import { CommandError, lineOf } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import { aborted, toldToStop } from "../told-to-stop.ts";
import type { DevFlags } from "./dev.ts";

/** How it is run. */
interface DevOptions {
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly flags: DevFlags;
}

const host = "127.0.0.1";

/** Seconds for tasks that run when all is stopped. */
const patience = 10;

/** Runs until the process is told to stop; nothing that it has started outlives it. Throws `CommandError`. */
export async function devService(module: string, { terminal, isJson, flags }: DevOptions): Promise<void> {
  const stop = toldToStop();
  const say = partLines(terminal, isJson);
  const gateway = await openGateway(flags, say);
  try {
    const port = await freePort(flags.port, host);
    if (port !== flags.port) say("dev", `port ${flags.port} is taken: the worker is on ${port}`);
    const environment = { ...gateway.variables, UMBEL_WORKER_URL: `http://${host}:${port}` };
    tellEnvironment(environment, { terminal, isJson });
    const worker = keepWorker({ module, port, flags, environment, say });
    const close = await watchFiles(await foldersOf(module, flags), (file) => void worker.restart(file));
    if (flags.events) void eventLines(environment, (line) => say("events", line), stop).catch(tellLost(say));
    const error = await Promise.race([aborted(stop), gateway.failed]);
    close();
    await worker.stop();
    if (error instanceof Error) throw new CommandError(`the gateway has failed: ${lineOf(error)}`, { cause: error });
  } finally {
    await gateway.close();
  }
}

/** It sees no variable: what is set may be another installation's. */
async function openGateway(flags: DevFlags, say: Say): Promise<ServedGateway> {
  const [{ serveGateway }, { scripts }] = await Promise.all([import("@umbel/gateway"), import("umbel/upstash")]);
  return await serveGateway({
    data: flags.data,
    port: flags.gatewayPort,
    restPort: flags.restPort,
    environment: () => undefined,
    scripts,
    log: (line) => say("gateway", line),
  });
}

/** The block that any other program needs to be part of it. */
function tellEnvironment(
  environment: Readonly<Record<string, string>>,
  { terminal, isJson }: Pick<DevOptions, "terminal" | "isJson">,
): void {
  if (isJson) return terminal.print(JSON.stringify({ environment }));
  terminal.print(terminal.paint("bold", "The environment of an application:"));
  for (const [name, value] of Object.entries(environment)) terminal.print(`  ${name}=${value}`);
  terminal.print("");
}

/** The module's own folder, and those that are named. A package has none that changes. */
async function foldersOf(module: string, { watch }: DevFlags): Promise<readonly string[]> {
  const folder = dirname(resolve(readAddress(module).module));
  const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory() === true;
  return [...(isFolder ? [folder] : []), ...watch.map((each) => resolve(each))];
}

function tellLost(say: Say) {
  return (error: unknown) => say("events", `nothing more is told of tasks: ${lineOf(error)}`);
}

/** What a worker is kept with. */
interface Keeping {
  readonly module: string;
  readonly port: number;
  readonly flags: DevFlags;
  readonly environment: Readonly<Record<string, string>>;
  readonly say: Say;
}

/** Keeps a worker: starts it anew on request, one at a time, and says when it has ended by itself. */
function keepWorker({ module, port, flags, environment, say }: Keeping) {
  const args = ["-A", module, "worker", "-B", "-E", "-l", flags.loglevel, "--port", String(port), "--host", host];
  let current: WorkerProcess | undefined;
  let turn: Promise<void> = Promise.resolve();
  const leaving = new Set<Promise<void>>();
  start();

  function start(): void {
    const started = startWorkerProcess({ args, environment, hear: (line) => say("worker", line) });
    current = started;
    void tellEnd(started);
  }

  async function tellEnd(started: WorkerProcess): Promise<void> {
    const how = await started.ended;
    if (current === started) say("dev", `the worker has ended (${how}): it is started again when a file changes`);
  }

  async function renew(file: string): Promise<void> {
    say("dev", `${file} has changed: the worker is started again`);
    leave();
    await untilFree(port, { host, seconds: patience });
    start();
  }

  /** The one before finishes what runs, while the next one serves already. */
  function leave(): void {
    const left = current?.stop(patience) ?? Promise.resolve();
    current = undefined;
    leaving.add(left);
    void left.then(() => leaving.delete(left));
  }

  return {
    async restart(file: string): Promise<void> {
      turn = turn.then(async () => await renew(file));
      await turn;
    },
    async stop(): Promise<void> {
      await turn;
      leave();
      await Promise.all(leaving);
    },
  };
}
