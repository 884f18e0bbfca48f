/**
 * The states that events of tasks tell.
 *
 * @module
 */

/** In the order in which a task comes to them. */
export const loggedStates = [
  "PENDING",
  "RECEIVED",
  "STARTED",
  "SUCCESS",
  "FAILURE",
  "RETRY",
  "REVOKED",
  "REJECTED",
] as const;

/** One of them. */
export type LoggedState = (typeof loggedStates)[number];
