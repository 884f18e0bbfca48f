/**
 * What `umbel dev` does: a gateway in this process, a worker with beat in another, which is started anew when code changes.
 *
 * @module
 */

import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import process from "node:process";
import type { ServedGateway } from "@umbel/gateway";
import { urlOf } from "../application/load-module.ts";
import { readAddress } from "../application/module-address.ts";
import { eventLines } from "../dev/event-lines.ts";
import { WorkerKeeper } from "../dev/keep-worker.ts";
import { partLines, type Say } from "../dev/part-lines.ts";
import { portFor } from "../dev/ports.ts";
import { watchFiles } from "../dev/watch-files.ts";
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

/** Runs until the process is told to stop; nothing that it has started outlives it. Throws `CommandError`. */
export async function devService(module: string, { terminal, isJson, flags }: DevOptions): Promise<void> {
  await urlOf(readAddress(module), process.cwd()); // A module that is not there will not come by being changed.
  const stop = toldToStop();
  const say = partLines(terminal, isJson);
  const gateway = await openGateway(flags, say);
  try {
    const port = await portFor(flags.port, host);
    const environment = { ...gateway.variables, UMBEL_WORKER_URL: `http://${host}:${port}` };
    tellEnvironment(environment, { terminal, isJson });
    const args = ["-A", module, "worker", "-B", "-E", "-l", flags.loglevel, "--port", String(port), "--host", host];
    const folders = await foldersOf(module, flags);
    const worker = new WorkerKeeper({ args, host, port, environment, folders, say });
    const close = await watchFiles(folders, (files) => void worker.changed(files));
    const listener = { say: (line: string) => say("events", line), logged: () => worker.name };
    if (flags.events) void eventLines(environment, listener, stop).catch(tellLost(say));
    const error = await Promise.race([aborted(stop), gateway.failed]);
    close();
    if (stop.aborted)
      say("dev", "it stops: what runs is finished, for ten seconds at most; a second Ctrl-C ends it at once");
    await worker.stop();
    if (error instanceof Error) throw new CommandError(`the gateway has failed: ${lineOf(error)}`, { cause: error });
  } finally {
    await gateway.close();
  }
}

/** It sees no variable: what is set may be another installation's. */
async function openGateway(flags: DevFlags, say: Say): Promise<ServedGateway> {
  const [{ PortTaken, serveGateway }, { scripts }] = await Promise.all([
    import("@umbel/gateway"),
    import("umbel/upstash"),
  ]);
  try {
    return await serveGateway({
      data: flags.data,
      port: flags.gatewayPort,
      restPort: flags.restPort,
      environment: () => undefined,
      scripts,
      log: (line) => say("gateway", line),
    });
  } catch (error) {
    if (error instanceof PortTaken) throw new CommandError(`${error.message}. ${howToPart}`, { cause: error });
    throw error;
  }
}

const howToPart =
  "Programs that name no other would go on to reach it: end it with Ctrl-C where it was started, or take other ports by --gateway-port and --rest-port, and give your programs the variables that are printed then";

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
