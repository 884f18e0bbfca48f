/**
 * Has the lender beside a run on workerd.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Offer } from "./lender.ts";

declare module "vitest" {
  interface ProvidedContext {
    lender: Offer;
  }
}

/** Starts it, for as long as this process lives. Rejects when it does not come up. */
export async function hireLender(): Promise<Offer> {
  const program = fileURLToPath(new URL("lender.ts", import.meta.url));
  const flags = ["--conditions=@umbel/source", "--disable-warning=ExperimentalWarning"];
  const lender = spawn(process.execPath, [...flags, program], { stdio: ["pipe", "pipe", "inherit"] });
  // Nothing here waits for it: it ends with its input, which this process holds.
  lender.unref();
  const said = once(createInterface(lender.stdout), "line");
  const ended = once(lender, "exit").then(() => Promise.reject(new Error("The lender has ended")));
  ended.catch(() => undefined);
  const [line] = await Promise.race([said, ended]);
  for (const pipe of [lender.stdin, lender.stdout]) if (pipe instanceof Socket) pipe.unref();
  return JSON.parse(String(line));
}
