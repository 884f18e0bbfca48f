/**
 * A gateway in a process of its own, on each runtime, for tests that kill it or try its patience.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { Client } from "@upstash/qstash";
import { onTestFinished } from "vitest";

import { developmentToken } from "../src/push/development-keys.ts";
import type { ServeGatewayOptions } from "../src/serve.ts";

const commands = {
  node: ["--conditions=@umbel/source"],
  bun: ["--conditions=@umbel/source"],
  deno: ["run", "-A", "--node-modules-dir=manual"],
} as const;

export type Runtime = keyof typeof commands;

export const runtimes: readonly Runtime[] = ["node", "bun", "deno"];

export interface GatewayProcess {
  readonly process: ChildProcess;
  readonly client: Client;
  readonly url: string;
  readonly restUrl: string;
  /** What it has written so far, both streams together, but for the line that says where it listens. */
  readonly output: () => string;
}

/** How a process is started. */
export interface ChildSettings {
  readonly options?: Partial<Pick<ServeGatewayOptions, "requestTimeout" | "maxBody" | "concurrency">>;
  /** Default: no variable is set. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it says on the console what its log would have. */
  readonly speaks?: boolean;
  /** A command that runs another one in its own place. */
  readonly under?: readonly string[];
  /** What is run. Default: gateway-child.ts. */
  readonly program?: URL;
  /** What that is told after the place of its data. Default: these settings. */
  readonly more?: readonly string[];
}

/** Starts a gateway on a runtime; it keeps its data in a directory, or in memory. */
export async function startProcess(
  runtime: Runtime,
  data: string,
  settings: ChildSettings = {},
): Promise<GatewayProcess> {
  const binary = fileURLToPath(new URL(`../../../node_modules/.bin/${runtime}`, import.meta.url));
  const script = fileURLToPath(settings.program ?? new URL("gateway-child.ts", import.meta.url));
  const [command = binary, ...args] = [
    ...(settings.under ?? []),
    binary,
    ...commands[runtime],
    script,
    data,
    ...(settings.more ?? [JSON.stringify(settings)]),
  ];
  const process = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void process.kill("SIGKILL"));
  const lines: string[] = [];
  createInterface({ input: process.stderr }).on("line", (line) => lines.push(line));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: process.stdout }).on("line", (each) =>
      each.startsWith('{"url"') ? resolve(each) : lines.push(each),
    );
    process.once("exit", (code) => reject(new Error(`The gateway ended with ${code}: ${lines.join("\n")}`)));
  });
  const { url, restUrl }: { url: string; restUrl: string } = JSON.parse(line);
  return {
    process,
    url,
    restUrl,
    output: () => lines.join("\n"),
    client: new Client({
      baseUrl: url,
      token: settings.environment?.["QSTASH_TOKEN"] ?? developmentToken,
      retry: false,
    }),
  };
}

/** Kills it with kill -9; resolves when it is gone. */
export async function kill({ process }: GatewayProcess): Promise<void> {
  const gone = new Promise((resolve) => {
    process.once("exit", resolve);
  });
  process.kill("SIGKILL");
  await gone;
}
