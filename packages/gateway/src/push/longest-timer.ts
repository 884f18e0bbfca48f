/**
 * The limit of JavaScript's timers.
 *
 * @module
 */

/** The longest time that a timer can hold, in milliseconds: one that is set longer rings at once. */
export const longestTimer = 2_147_483_647;
