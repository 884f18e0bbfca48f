/**
 * One starter at a time: between finding a port free and a part's listening on it, another starter would find it free
 * too.
 *
 * It is a courtesy, not a lock that anything depends on: after a while whoever waits goes on without it.
 *
 * @module
 */

import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "./process-id.ts";

/** Milliseconds that a starter waits for its turn. */
const patience = 20_000;

/** Does something while no other process does the same with this file. */
export async function inTurn<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const giveUpAt = Date.now() + patience;
  let isOurs = await take(file);
  while (!isOurs && Date.now() < giveUpAt) {
    await sleep(50);
    isOurs = await take(file);
  }
  try {
    return await work();
  } finally {
    if (isOurs) await rm(file, { force: true });
  }
}

/** Writes our process id into the file, unless it holds that of a process that runs. */
async function take(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const holder = Number(await readFile(file, "utf8").catch(() => ""));
    if (holder > 0 && !isRunning(holder)) await rm(file, { force: true });
    return false;
  }
}
