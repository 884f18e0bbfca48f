/**
 * The program that a page shows.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "../running-program.ts";

/** The first TypeScript block of a page. */
export async function programIn(page: string): Promise<string> {
  const text = await readFile(join(repository, page), "utf8");
  const program = /```ts\n(.*?)```/s.exec(text)?.[1];
  if (program === undefined) throw new Error(`${page} has no program`);
  return program;
}
