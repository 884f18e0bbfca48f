/**
 * A number of rows that a statement is given each time.
 *
 * @module
 */

/** `LIMIT ?`, but for SQLite's planner, which looks at a bare parameter there and compiles the statement anew at each run. */
export const limitGiven = "LIMIT ? + 0";
