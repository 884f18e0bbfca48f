/**
 * A copy of this tree on a machine without accounts: the commands of a recipe run there as they stand, up to the upload.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { repository } from "../running-program.ts";
import { copyTree } from "./bare-machine.ts";
import { type Shell, shellIn } from "./shell.ts";

/** Whether the packages are built, as a recipe says; else the recipes run on the sources. */
export const isFull: boolean = process.env["UMBEL_TEST_LEVEL"] === "full";

/** A machine that runs recipes, in the tree. */
export interface OfflineMachine extends Shell {
  readonly tree: string;
  /** How the programs that would have uploaded something were called, a line each. */
  uploads(): Promise<readonly string[]>;
}

/** Sets one up; `atEnd` takes what removes it: by default when the test ends. */
export async function offlineMachine(
  atEnd: (remove: () => Promise<void>) => void = onTestFinished,
): Promise<OfflineMachine> {
  const folder = await mkdtemp(join(tmpdir(), "umbel-offline-"));
  atEnd(async () => await rm(folder, { recursive: true, force: true }));
  const tree = join(folder, "tree");
  await copyTree(tree);
  await linkModules(tree);
  await writeFile(join(tree, ".env.production"), variables);
  await writeStandIns(join(folder, "bin"));
  return {
    ...shellIn(tree, environmentOf(folder)),
    tree,
    uploads: async () => (await readFile(join(folder, "uploads"), "utf8")).trim().split("\n"),
  };
}

/** Variables of a deployment, with the secrets of nobody. */
export const variables: string = `QSTASH_URL=https://qstash.test
QSTASH_TOKEN=token-of-nobody=
QSTASH_CURRENT_SIGNING_KEY=current-of-nobody
QSTASH_NEXT_SIGNING_KEY=next-of-nobody
UPSTASH_REDIS_REST_URL=https://redis.test
UPSTASH_REDIS_REST_TOKEN=rest=of==nobody==
UMBEL_WORKER_URL=https://worker.test
UMBEL_RESULTS_TOKEN=results-of-nobody
UMBEL_BEAT_TOKEN=beat-of-nobody
CRON_SECRET=beat-of-nobody
`;

/** What others made is linked from this tree, a workspace's own as well; what is ours, from the copy, so that it is built there. */
async function linkModules(tree: string): Promise<void> {
  const from = join(repository, "node_modules");
  const to = join(tree, "node_modules");
  await mkdir(join(to, "@umbel"), { recursive: true });
  for (const name of await readdir(from)) {
    if (name !== "@umbel" && name !== "umbel") await symlink(join(from, name), join(to, name));
  }
  for (const group of ["packages", "apps"]) {
    for (const folder of await readdir(join(tree, group))) {
      const { name } = JSON.parse(await readFile(join(tree, group, folder, "package.json"), "utf8"));
      await symlink(join(tree, group, folder), join(to, name));
      const own = join(group, folder, "node_modules");
      if (existsSync(join(repository, own))) await symlink(join(repository, own), join(tree, own));
    }
  }
}

/** Stands before the programs that would reach out. */
async function writeStandIns(bin: string): Promise<void> {
  const record = `echo "$(basename "$0") $*" >> "$(dirname "$0")/../uploads"`;
  const standIns = {
    npx: `exec "$@"`,
    vercel: `if [ "$1 $2" = "env add" ]; then set -- "$@" "<- $(cat)"; fi; ${record}`,
    wrangler: `${record}; ${real("wrangler")} "$@" --dry-run --outdir "$(mktemp -d -p "$PWD" out-XXXX)"`,
    deno: `if [ "$1" = deploy ]; then ${record}; else ${real("deno")} "$@"; fi`,
    ...(isFull ? {} : { npm: "true", esbuild: `${real("esbuild")} "$@" --conditions=@umbel/source` }),
  };
  await mkdir(bin);
  for (const [name, text] of Object.entries(standIns)) {
    await writeFile(join(bin, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  }
}

function real(program: string): string {
  return `exec ${join(repository, "node_modules/.bin", program)}`;
}

/** Nothing of this process's own settings. Unless the packages are built, each program is told to read sources. */
function environmentOf(folder: string): Record<string, string> {
  const path = [join(folder, "bin"), join(repository, "node_modules/.bin"), process.env["PATH"] ?? ""].join(":");
  const sources = {
    NODE_OPTIONS: "--conditions=@umbel/source",
    BUN_OPTIONS: "--conditions=@umbel/source",
    WRANGLER_BUILD_CONDITIONS: "@umbel/source,workerd,worker,browser",
  };
  return { HOME: folder, PATH: path, CI: "true", WRANGLER_SEND_METRICS: "false", ...(isFull ? {} : sources) };
}
