/**
 * How the process ends when its loop cannot go on: whoever watches over it sees that nothing is sent any more.
 *
 * @module
 */

/** Says why, and ends the process with 1. */
export function endWith(error: unknown): never {
  console.error(`Beat cannot go on: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
