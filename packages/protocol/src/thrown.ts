/**
 * What a task may throw: anything.
 *
 * @module
 */

/** Whether a thrown value is an error, of this realm or another: it has a name and a message. */
export function isError(thrown: unknown): thrown is Error {
  if (thrown instanceof Error) return true;
  if (typeof thrown !== "object" || thrown === null) return false;
  return (
    "name" in thrown && typeof thrown.name === "string" && "message" in thrown && typeof thrown.message === "string"
  );
}
