/**
 * The machine and the runtime: the one place of this package where runtimes are told apart.
 *
 * @module
 */

import { arch, release, type } from "node:os";
import process from "node:process";

/** A runtime's name, and its version. */
export interface Runtime {
  readonly name: "Bun" | "Deno" | "Node";
  readonly version: string;
}

/** The runtime that this program runs on. */
export function hostRuntime(): Runtime {
  const { bun, deno, node } = process.versions;
  if (bun !== undefined) return { name: "Bun", version: bun };
  return deno === undefined ? { name: "Node", version: node } : { name: "Deno", version: deno };
}

/** `Linux-6.1.0-x64, Node 24.21.0`. */
export function hostPlatform(): string {
  const { name, version } = hostRuntime();
  return `${type()}-${release()}-${arch()}, ${name} ${version}`;
}
