/**
 * The README's recipes.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "../running-program.ts";

const readme = await readFile(join(repository, "README.md"), "utf8");

/** The commands under a platform's heading in the README. */
export function recipeOf(platform: string): string {
  const [, section = ""] = readme.split(`### ${platform}\n`);
  const commands = /```sh\n(.*?)```/s.exec(section)?.[1];
  if (commands === undefined) throw new Error(`README.md has no recipe for ${platform}`);
  return commands;
}
