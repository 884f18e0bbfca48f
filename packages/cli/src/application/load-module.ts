/**
 * Loads a module of the user's, on whatever runtime this is.
 *
 * @module
 */

import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { CommandError, lineOf } from "../failure.ts";
import type { ModuleAddress } from "./module-address.ts";
import { thrownAt } from "./thrown-at.ts";
import { unreadable } from "./unreadable.ts";
import { withinPatience } from "./within-patience.ts";

/** What a module exports. */
export type Exports = Readonly<Record<string, unknown>>;

/** Endings that a module's name may lack, in the order in which they are tried. */
const endings = ["", ".ts", ".mts", ".js", ".mjs", "/index.ts", "/index.js"] as const;

/**
 * Loads a module, as it is seen from a folder, within so many seconds. Throws `CommandError` that says what is wrong with it.
 */
export async function loadModule({ module }: ModuleAddress, folder: string, patience = 30): Promise<Exports> {
  const url = await urlOf({ module }, folder);
  try {
    return await withinPatience(module, patience, async () => await import(url));
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw new CommandError(`${module} cannot be loaded: ${reasonOf(cause, url)}`, { cause });
  }
}

/** Address of a module, as it is seen from a folder. Throws `CommandError` where there is none. */
export async function urlOf({ module }: ModuleAddress, folder: string): Promise<string> {
  if (/\.pyc?$/.test(module)) throw new CommandError(`${module} is a Python file: ${ours}`);
  return module.startsWith("file:") ? module : ((await fileOf(module, folder)) ?? packageOf(module, folder));
}

/** What to give in place of a module for Celery. */
const ours =
  'give a module of TypeScript or JavaScript; settings keep their names there, as in export const task_default_queue = "mail";';

/** Address of the file that is meant, as it is seen from a folder; undefined when there is none. */
export async function fileOf(module: string, folder: string): Promise<string | undefined> {
  for (const ending of endingsFor(module)) {
    const path = resolve(folder, module + ending);
    if (await isFile(path)) return pathToFileURL(path).href;
  }
  return undefined;
}

/** What has an ending lacks none. */
function endingsFor(module: string): readonly string[] {
  return /\.[cm]?[jt]sx?$/.test(module) ? [""] : endings;
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Address of a package's module, as the folder's own programs would find it. */
function packageOf(name: string, folder: string): string {
  try {
    return pathToFileURL(createRequire(join(folder, "umbel.js")).resolve(name)).href;
  } catch (cause) {
    // It is there for import statements only: then it is found from here, where both are installed side by side.
    if (codeOf(cause) === "ERR_PACKAGE_PATH_NOT_EXPORTED") return name;
    const places = isPath(name) ? "" : ", and no package of that name is installed there";
    const tried = endingsFor(name).map((ending) => name + ending);
    const there = tried.length > 1 ? `there is none of ${tried.join(", ")}` : "there is no such file";
    throw new CommandError(`there is no module "${name}": in ${folder} ${there}${places}`, { cause });
  }
}

function isPath(name: string): boolean {
  return /^\.{0,2}[/\\]/.test(name) || endingsFor(name).length === 1;
}

/** Errors of Node that do not say what to do, by code. */
const remedies: Readonly<Record<string, string>> = {
  ERR_UNKNOWN_FILE_EXTENSION: `Node ${process.versions.node} does not read TypeScript: use Node 22.18 or later, Bun or Deno, or name the built file`,
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX:
    "Node only takes types away, and there is more to do: use Bun or Deno, or name the built file",
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING:
    "Node reads no TypeScript of installed packages: use Bun or Deno, or name the built file",
};

function reasonOf(thrown: unknown, url: string): string {
  const place = unreadable(thrown);
  if (place !== undefined) return withRemedy(place, thrown);
  const { name = "" }: { readonly name?: unknown } = Object(thrown);
  const kind =
    name === "Error" || name === "" || lineOf(thrown).startsWith(`${String(name)}:`) ? "" : `${String(name)}: `;
  // What a runtime says of a module that it has not found, or cannot read, names the place itself.
  const at = codeOf(thrown).startsWith("ERR_") ? undefined : thrownAt(thrown, url);
  return withRemedy(`${at === undefined ? "" : `${at}: `}${kind}${lineOf(thrown)}`, thrown);
}

function withRemedy(reason: string, thrown: unknown): string {
  const remedy = remedies[codeOf(thrown)];
  return remedy === undefined ? reason : `${reason}. ${remedy}`;
}

function codeOf(thrown: unknown): string {
  const { code = "" }: { readonly code?: unknown } = Object(thrown);
  return String(code);
}
