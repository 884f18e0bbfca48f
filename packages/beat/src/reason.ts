/**
 * What an error says, whatever was thrown.
 *
 * @module
 */

/** Its message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
