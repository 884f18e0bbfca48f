/**
 * How this program starts itself again, on the runtime that it runs on.
 *
 * @module
 */

import process from "node:process";
import { fileURLToPath } from "node:url";
import { hostRuntime } from "../host-platform.ts";

/** The program's words, the runtime's own flags among them. */
export function ownProgram(args: readonly string[]): readonly [file: string, ...args: string[]] {
  const isSource = import.meta.url.endsWith(".ts");
  // Built, this is a part of the one file beside which bin.js is: see the build in package.json.
  const bin = fileURLToPath(new URL(isSource ? "../bin.ts" : "./bin.js", import.meta.url));
  if (hostRuntime().name !== "Deno") return [process.execPath, ...process.execArgv, bin, ...args];
  const conditions = isSource ? ["--conditions=@umbel/source"] : []; // Deno does not say with what it was started.
  return [process.execPath, "run", "-A", ...conditions, bin, ...args];
}
