/**
 * A machine that has one JavaScript runtime and no other, and a fresh copy of this tree on it.
 *
 * @module
 */

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

/** Programs that a bare machine must not find unless they are its own. */
const runtimes = new Set(["node", "nodejs", "npm", "npx", "corepack", "bun", "bunx", "deno"]);

/** How a command ended. */
export interface Ending {
  readonly code: number;
  readonly output: string;
}

/** A machine with a fresh copy of the tree. */
export interface BareMachine {
  readonly tree: string;
  /** Runs a command in the tree, with nothing of this process's environment; at most `seconds`. */
  run(command: string, seconds: number): Promise<Ending>;
}

/** Sets one up, for as long as the test runs. `programs` are its runtimes: name to file; everything else is what the system has. */
export async function bareMachine(programs: Readonly<Record<string, string>>): Promise<BareMachine> {
  const folder = await mkdtemp(join(tmpdir(), "umbel-bare-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const tree = join(folder, "tree");
  const bin = join(folder, "bin");
  const home = join(folder, "home");
  await Promise.all([bin, home].map(async (each) => await mkdir(each)));
  await copyTree(tree);
  await linkPrograms(bin, programs);
  return {
    tree,
    async run(command, seconds) {
      const options = { cwd: tree, env: { HOME: home, PATH: bin, CI: "true" }, timeout: seconds * 1000 };
      const ending = await run(join(bin, "bash"), ["-c", `exec 2>&1; ${command}`], {
        ...options,
        maxBuffer: 2 ** 26,
      }).then(
        ({ stdout }) => ({ code: 0, output: stdout }),
        (error: { code?: number; stdout?: string }) => ({ code: error.code ?? -1, output: error.stdout ?? "" }),
      );
      return ending;
    },
  };
}

/** Copies what a clone would have: every file that is not ignored. */
export async function copyTree(to: string): Promise<void> {
  const { stdout } = await run("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
    cwd: root,
    maxBuffer: 2 ** 26,
  });
  for (const file of stdout.split("\0").filter((name) => name !== "")) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await cp(join(root, file), join(to, file)).catch((error: { code?: string }) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}

async function linkPrograms(bin: string, programs: Readonly<Record<string, string>>): Promise<void> {
  for (const name of await readdir("/usr/bin")) {
    if (!runtimes.has(name)) await symlink(join("/usr/bin", name), join(bin, name));
  }
  for (const [name, file] of Object.entries(programs)) await cp(file, join(bin, name), { dereference: true });
}
