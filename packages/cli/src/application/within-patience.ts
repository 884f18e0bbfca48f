/**
 * Modules that never come to an end while they are loaded, or end the process: nobody would be told why nothing happens.
 *
 * @module
 */

import process from "node:process";
import { CommandError } from "../failure.ts";
import { tellAside } from "../terminal.ts";

/**
 * Loads a module within so many seconds; a timer keeps the runtime from ending meanwhile. Throws `CommandError` when they are over,
 * and what `load` throws. A module that ends the process is named in a line, and the exit code is 1.
 */
export async function withinPatience<Exports>(
  module: string,
  seconds: number,
  load: () => Promise<Exports>,
): Promise<Exports> {
  const onExit = (code: number): void => {
    tellAside(`umbel: ${module} cannot be loaded: it ends the process, with ${code}, where it is imported`);
    process.exitCode = 1;
  };
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const reason = `an await on its top level, or of a module that it imports, has not ended within ${seconds} s`;
    over.reject(new CommandError(`${module} cannot be loaded: ${reason}`));
  }, seconds * 1000);
  process.once("exit", onExit);
  try {
    return await Promise.race([load(), over.promise]);
  } finally {
    clearTimeout(timer);
    process.off("exit", onExit);
  }
}
