/**
 * The mutants: small patches, each of which takes one mechanism of delivery.md away.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("./", import.meta.url));

/** Names of all of them. */
export const mutants: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".patch"))
  .map((name) => name.slice(0, -".patch".length));

/** Whether a mutant's patch fits a tree, to the letter; if it does not, why. */
export function misfitOf(mutant: string, tree: string): string | undefined {
  return gitApply(tree, ["--check", patchOf(mutant)]);
}

/** Applies a mutant to a tree, or takes it back. Throws when it does not fit. */
export function apply(mutant: string, tree: string, direction: "forth" | "back" = "forth"): void {
  const wrong = gitApply(tree, [...(direction === "back" ? ["--reverse"] : []), patchOf(mutant)]);
  if (wrong !== undefined) throw new Error(`${mutant} does not apply any more: mend its patch.\n${wrong}`);
}

function patchOf(mutant: string): string {
  return join(folder, `${mutant}.patch`);
}

function gitApply(tree: string, args: readonly string[]): string | undefined {
  // Without a repository around it git would look for one above the tree, and leave out what is not of it.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: join(tree, "..") };
  const { status, stderr } = spawnSync("git", ["apply", ...args], { cwd: tree, encoding: "utf8", env });
  return status === 0 ? undefined : stderr;
}
