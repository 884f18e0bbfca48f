/**
 * An app of ours as a server process of its own, on any of the four runtimes, by the entry that a deployment has.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launchProgram, repository, type RunningProgram, runtimes } from "../running-program.ts";
import { type AppName, bundleForCloudflare } from "./cloudflare-bundle.ts";
import { workerdConfig } from "./workerd-config.ts";

/** A runtime that serves apps. */
export type RuntimeName = "bun" | "deno" | "workerd" | "node";

/** All of them. */
export const runtimeNames: readonly RuntimeName[] = ["bun", "deno", "workerd", "node"];

/** An app that is served. */
export interface ServedApp {
  /** Of loopback; the system has chosen it. */
  readonly port: number;
  readonly program: RunningProgram;
}

/** What is to be served. */
export interface AppToServe {
  readonly app: AppName;
  readonly environment: Readonly<Record<string, string>>;
  /** A folder for what has to be made first. */
  readonly folder: string;
}

/** Starts an app, which whoever calls has to kill; resolves once it says where it listens, rejects when it does not. */
export async function launchApp(runtime: RuntimeName, served: AppToServe): Promise<ServedApp> {
  const program = runtime === "workerd" ? await launchWorkerd(served) : launchEntry(runtime, served);
  const saying = runtime === "workerd" ? /"port": ?(\d+)/ : /http:\/\/127\.0\.0\.1:(\d+)/;
  try {
    const [, port] = await program.until(saying);
    return { port: Number(port), program };
  } catch (error) {
    program.kill("SIGKILL");
    throw error;
  }
}

/** As a program of the runtime says it: `1.4.5`, `2.9.6`, `24.21.0`; of workerd the day of its making. */
export function versionOf(runtime: RuntimeName): string {
  const said = execFileSync(join(repository, "node_modules/.bin", runtime), ["--version"], { encoding: "utf8" });
  return /\d+[-.]\d+[-.]\d+/.exec(said)?.[0] ?? said;
}

function launchEntry(runtime: Exclude<RuntimeName, "workerd">, { app, environment }: AppToServe): RunningProgram {
  const command = [...runtimes[runtime], `apps/${app}/src/${runtime}.ts`] as const;
  return launchProgram(command, { ...environment, HOST: "127.0.0.1", PORT: "0" });
}

/** It runs what a deployment would upload; its variables come with each request. */
async function launchWorkerd({ app, environment, folder }: AppToServe): Promise<RunningProgram> {
  const bundle = await bundleForCloudflare(app, folder);
  const bindings = { ...environment, WORKERD_VERSION: versionOf("workerd") };
  const file = join(folder, `${app}.capnp`);
  await writeFile(file, workerdConfig({ bundle, bindings }));
  // It says on its control channel where it listens: here that is its output.
  return launchProgram(["node_modules/.bin/workerd", "serve", "--control-fd=1", file]);
}
