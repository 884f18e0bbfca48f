/**
 * The programs that a page shows.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "../running-program.ts";

/** The first TypeScript block of a page. */
export async function programIn(page: string): Promise<string> {
  const [program] = await programsIn(page);
  if (program === undefined) throw new Error(`${page} has no program`);
  return program;
}

/** The TypeScript blocks of a page. */
export async function programsIn(page: string): Promise<readonly string[]> {
  const text = await readFile(join(repository, page), "utf8");
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, program = ""]) => program);
}
