/**
 * Which of a task's fields are instants.
 *
 * @module
 */

const instants: ReadonlySet<string> = new Set([
  "sent",
  "received",
  "started",
  "succeeded",
  "failed",
  "retried",
  "revoked",
  "rejected",
  "timestamp",
]);

/** Whether a field of a task, or of its events, is an instant, in Unix seconds. */
export function isInstantField(name: string): boolean {
  return instants.has(name);
}
