/**
 * Secrets that are easy to find again.
 *
 * @module
 */

/** Stands for every secret where one is enough. */
export const secret = "UMBEL-TEST-SECRET-8f3a51c0";
