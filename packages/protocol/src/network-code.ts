/**
 * Why a service gave no answer, in a word.
 *
 * @module
 */

/** The runtime's code for it, `ECONNREFUSED`, of the error or of what caused it: its sentences differ, and say less. */
export function networkCode(thrown: unknown): string | undefined {
  const { code, cause }: { readonly code?: unknown; readonly cause?: unknown } = Object(thrown);
  if (typeof code === "string" && code !== "") return code;
  return cause === undefined ? undefined : networkCode(cause);
}
