/**
 * How a command line is refused that cannot be read: asked of the program in this process, which is much faster than a new one.
 *
 * @module
 */

import { lineOf } from "../src/failure.ts";
import { makeProgram } from "../src/program.ts";

/** The kind of the error, whose exit code other tests look at, and its line. */
export async function refusalOf(words: readonly string[]): Promise<string> {
  try {
    await makeProgram().parseAsync(words, { from: "user" });
    return "it is taken";
  } catch (thrown) {
    return `${thrown instanceof Error ? thrown.name : typeof thrown}: ${lineOf(thrown)}`;
  }
}
