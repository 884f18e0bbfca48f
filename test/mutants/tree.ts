/**
 * A copy of the repository as it stands, in which code can be broken without harm.
 *
 * Dependencies are the repository's own, by links; our packages are the copy's.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const repository: string = fileURLToPath(new URL("../../", import.meta.url));

/** Copies what git knows or would know. Returns the copy's root; whoever calls removes it. */
export function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "umbel-mutant-"));
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: repository,
    encoding: "utf8",
    maxBuffer: 64_000_000,
  });
  for (const file of new Set(listed.split("\0"))) {
    if (file === "" || !existsSync(join(repository, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(repository, file), join(copy, file));
  }
  linkModules(join(repository, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** Removes a copy. */
export function removeTree(copy: string): void {
  rmSync(copy, { recursive: true, force: true });
}

/** A workspace is a relative link, and so leads into the copy; everything else stays where it is. */
function linkModules(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    const path = join(from, name);
    if (name === ".vite" || name === ".cache") continue;
    if (name === "@umbel") linkModules(path, join(to, name));
    else symlinkSync(lstatSync(path).isSymbolicLink() ? readlinkSync(path) : path, join(to, name));
  }
}
