/**
 * Ends this process when the one that has started it is gone, however that died.
 *
 * It looks, rather than waits for a pipe to close: the runtimes do not agree on who keeps which pipe open.
 *
 * @module
 */

import process from "node:process";

/** Name of the variable that has the starter's process id. */
export const starterVariable = "UMBEL_STARTER";

/** Milliseconds between two looks. */
const interval = 250;

/** Holds on to the starter, where there is one: whoever adopts a process has another id. */
export function holdOnToStarter(): void {
  const starter = process.env[starterVariable];
  if (starter === undefined) return;
  setInterval(() => {
    if (String(process.ppid) !== starter) process.exit(1); // With it went the gateway: nothing can be finished.
  }, interval).unref();
}
