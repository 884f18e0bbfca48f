/**
 * What Node has made of modules is kept for the next start, which is half of a start otherwise: TypeScript above all.
 *
 * @module
 */

import module from "node:module";
import { join } from "node:path";
import process from "node:process";

/**
 * Has it kept in the user's own folder: Node's default is one of all users, from which no code should be run. Of Node's
 * variables `NODE_COMPILE_CACHE` names another, and `NODE_DISABLE_COMPILE_CACHE` has none kept. Modules that are loaded by
 * now are not kept. Nothing fails where nothing can be kept.
 */
export function keepCompiled(): void {
  const { enableCompileCache }: Partial<typeof module> = module; // Deno has none: it keeps such things by itself.
  const folder = cacheFolder(process.env);
  if (folder !== undefined) enableCompileCache?.(join(folder, "umbel"));
}

/** Where programs of this user keep what they can make anew (the XDG base directory specification). */
function cacheFolder({ XDG_CACHE_HOME: named, HOME: home }: NodeJS.ProcessEnv): string | undefined {
  if (named !== undefined && named !== "") return named;
  return home === undefined || home === "" ? undefined : join(home, ".cache");
}
