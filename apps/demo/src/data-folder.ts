/**
 * Where the gateway keeps its file.
 *
 * A folder of a run's own carries its process id: a run that was killed could not remove it, so the next one does.
 *
 * @module
 */

import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";

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
  const abandoned = names.filter((name) => !isRunning(Number(name.slice("data-".length))));
  await Promise.all(abandoned.map(async (name) => await rm(join(parent, name), { recursive: true, force: true })));
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false; // The id has come round: it was another run's.
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
