/**
 * Celery's writing of a module: with dots in place of slashes, and before the name of an export.
 *
 * @module
 */

import { CommandError } from "../failure.ts";
import { fileOf } from "./load-module.ts";
import type { ModuleAddress } from "./module-address.ts";

/**
 * What `proj.tasks`, `proj.tasks:app` or `tasks.app` mean in a folder, where no file has that name: `proj/tasks`, or the export of
 * a module. Anything else is given back as it is. Throws `CommandError` where it may mean both.
 */
export async function undotted(address: ModuleAddress, folder: string): Promise<ModuleAddress> {
  const { module } = address;
  if (!isDotted(module) || (await fileOf(module, folder)) !== undefined) return address;
  const found: ModuleAddress[] = [];
  for (const each of meanings(address)) {
    if ((await fileOf(each.module, folder)) !== undefined) found.push(each);
  }
  const [one = address, other] = found;
  if (other === undefined) return one;
  throw new CommandError(
    `${module} may mean ${written(one)} or ${written(other)}: write -A ${written(one)}, or the other`,
  );
}

/** Names of files have dots as well, at their ends. */
function isDotted(module: string): boolean {
  return /^[\w$-]+(?:\.[\w$-]+)+$/.test(module) && !/\.(?:[cm]?[jt]sx?|pyc?)$/.test(module);
}

function meanings({ module, name }: ModuleAddress): readonly ModuleAddress[] {
  const path = module.replaceAll(".", "/");
  if (name !== undefined) return [{ module: path, name }];
  const [, above = "", last = ""] = /^(.*)\/(.*)$/.exec(path) ?? [];
  return [{ module: path }, { module: above, name: last }];
}

function written({ module, name }: ModuleAddress): string {
  return name === undefined ? module : `${module}:${name}`;
}
