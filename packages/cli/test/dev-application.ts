/**
 * Applications that `umbel dev` serves, and what it needs besides.
 *
 * @module
 */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { repository } from "@umbel/test/running-program";
import { onTestFinished } from "vitest";

/** `app.ts` in a folder of its own. `write` changes it, or writes another file there. */
export interface WrittenModule {
  readonly module: string;
  readonly write: (file: string, text: string) => Promise<void>;
}

/** Writes one, for as long as the test runs. */
export async function writtenModule(text: string): Promise<WrittenModule> {
  const folder = await mkdtemp(join(repository, "packages/cli/test/modules/dev-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const write = async (file: string, content: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  };
  await write("app.ts", text);
  return { module: join(folder, "app.ts"), write };
}

/** Any ports: whatever runs on the usual ones is none of the tests' business. */
export const anyPorts: readonly string[] = ["--port", "0", "--gateway-port", "0", "--rest-port", "0"];

/** The runtimes that what differs between them is tried on. `npm run umbel` is on Bun. */
export const devRuntimes: readonly ("bun" | "deno" | "node")[] =
  process.env["UMBEL_TEST_LEVEL"] === "full" ? ["bun", "deno", "node"] : ["bun"];

/** The block that it prints for other programs. */
export function environmentIn(output: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...output.matchAll(/^ {2}(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}
