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

/** The paths of files of code in folders, those beneath them too. */
export async function codeFilesIn(folders: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const folder of folders) await add(folder);
  return found;

  async function add(folder: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const each of entries.filter(({ name }) => !ignored.test(name))) {
      if (each.isDirectory()) await add(join(folder, each.name));
      else if (code.test(each.name)) found.add(join(folder, each.name));
    }
  }
}

/** Calls `tell` with the paths of files that have changed, until it is closed. */
export async function watchFiles(
  folders: readonly string[],
  tell: (files: readonly string[]) => void,
): Promise<() => void> {
  const watchers = new Map<string, FSWatcher>();
  const changes = gather(tell);
  for (const folder of folders) await add(folder);
  return () => {
    changes.stop();
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
    else changes.add(join(folder, name));
  }
}

/** Tells of files together, once none has been added for a while. */
function gather(tell: (files: readonly string[]) => void): { add: (file: string) => void; stop: () => void } {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  return {
    add(file) {
      changed.add(file);
      clearTimeout(timer);
      timer = setTimeout(tellChanged, settling);
    },
    stop: () => clearTimeout(timer),
  };

  function tellChanged(): void {
    const files = [...changed];
    changed.clear();
    tell(files);
  }
}
