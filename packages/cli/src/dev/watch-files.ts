/**
 * Tells of changes of code in folders, those beneath them too.
 *
 * Each folder is watched by itself: watching what lies beneath as well means another thing on each runtime, and would look
 * into node_modules.
 *
 * @module
 */

import { type FSWatcher, watch } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Files whose change counts. */
const code = /\.(?:[cm]?[jt]sx?|json)$/;
/** Folders that have none of one's own. */
const ignored = /^(?:\.|node_modules$|dist$)/;
/** Milliseconds in which changes are one: editors write a file in several steps. */
const settling = 100;

/** Calls `tell` with the name of a file that has changed, until it is closed. */
export async function watchFiles(folders: readonly string[], tell: (file: string) => void): Promise<() => void> {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  for (const folder of folders) await add(folder);
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  };

  async function add(folder: string): Promise<void> {
    if (watchers.has(folder)) return;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) return; // No folder, or gone again.
    const watcher = watch(folder, (_event, name) => void onChange(folder, name));
    watcher.on("error", () => void watchers.delete(folder));
    watchers.set(folder, watcher);
    const inner = entries.filter((each) => each.isDirectory() && !ignored.test(each.name));
    for (const each of inner) await add(join(folder, each.name));
  }

  async function onChange(folder: string, name: string | null): Promise<void> {
    if (name === null || ignored.test(name)) return;
    if (!code.test(name)) await add(join(folder, name)); // It may be a new folder.
    else {
      clearTimeout(timer);
      timer = setTimeout(() => tell(name), settling);
    }
  }
}
