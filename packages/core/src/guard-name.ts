/**
 * The name of guards, for those who need no more of them: it cannot be given to a task.
 *
 * @module
 */

/** Name in the messages of guards. */
export const guardName = "umbel.guard";
