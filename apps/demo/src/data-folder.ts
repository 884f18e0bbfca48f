/**
 * Where the gateway keeps its file.
 *
 * A folder of a run's own carries its process id: a run that was killed could not remove it, so the next one does.
 *
 * @module
 */

import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isRunning } from "./process-id.ts";

/** A folder for one run. */
export interface DataFolder {
  readonly path: string;
  /** Removes it, unless the user named it. */
  remove(): Promise<void>;
}

/** The folder that was asked for; else one of this run's own in `parent`. */
export async function openDataFolder(asked: string | undefined, parent: string): Promise<DataFolder> {
  if (asked !== undefined) return { path: resolve(asked), remove: async () => await Promise.resolve() };
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const path = join(parent, `data-${process.pid}`);
  return { path, remove: async () => await rm(path, { recursive: true, force: true }) };
}

async function removeAbandoned(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => /^data-\d+$/.test(name));
  const abandoned = names.filter((name) => isAbandoned(Number(name.slice("data-".length))));
  await Promise.all(abandoned.map(async (name) => await rm(join(parent, name), { recursive: true, force: true })));
}

/** Our own id has come round: the folder was another run's. */
function isAbandoned(pid: number): boolean {
  return pid === process.pid || !isRunning(pid);
}
