/**
 * An app of ours as a server process of its own, on any of the four runtimes, by the entry that a deployment has.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launchProgram, poll, repository, type RunningProgram, runtimes } from "../running-program.ts";
import { bundleForCloudflare } from "./cloudflare-bundle.ts";
import { workerdConfig } from "./workerd-config.ts";

/** A runtime that serves apps. */
export type RuntimeName = "bun" | "deno" | "workerd" | "node";

/** All of them. */
export const runtimeNames: readonly RuntimeName[] = ["bun", "deno", "workerd", "node"];

/** An app that is served. */
export interface ServedApp {
  readonly url: string;
  readonly program: RunningProgram;
}

/** What is to be served. */
export interface AppToServe {
  readonly app: "worker" | "web";
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** A folder for what has to be made first. */
  readonly folder: string;
}

/** Starts an app, which whoever calls has to kill. */
export async function launchApp(runtime: RuntimeName, served: AppToServe): Promise<ServedApp> {
  const program = runtime === "workerd" ? await launchWorkerd(served) : launchEntry(runtime, served);
  return { url: `http://127.0.0.1:${served.port}`, program };
}

/** Resolves once the app answers. */
export async function untilItAnswers({ url, program }: ServedApp): Promise<void> {
  const isUp = async () =>
    await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  if (!(await poll(30, isUp))) throw new Error(`${url} does not answer:\n${program.output()}`);
}

/** As a program of the runtime says it: `1.4.5`, `2.9.6`, `24.21.0`; of workerd the day of its making. */
export function versionOf(runtime: RuntimeName): string {
  const said = execFileSync(join(repository, "node_modules/.bin", runtime), ["--version"], { encoding: "utf8" });
  return /\d+[-.]\d+[-.]\d+/.exec(said)?.[0] ?? said;
}

function launchEntry(runtime: Exclude<RuntimeName, "workerd">, { app, port, environment }: AppToServe): RunningProgram {
  const command = [...runtimes[runtime], `apps/${app}/src/${runtime}.ts`] as const;
  return launchProgram(command, { ...environment, HOST: "127.0.0.1", PORT: String(port) });
}

/** It runs what a deployment would upload; its variables come with each request. */
async function launchWorkerd({ app, port, environment, folder }: AppToServe): Promise<RunningProgram> {
  const bundle = await bundleForCloudflare(app, folder);
  const bindings = { ...environment, WORKERD_VERSION: versionOf("workerd") };
  const file = join(folder, `${app}.capnp`);
  await writeFile(file, workerdConfig({ bundle, port, bindings }));
  return launchProgram(["node_modules/.bin/workerd", "serve", file]);
}
