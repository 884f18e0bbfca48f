/**
 * How long a task's id may be. Users of Celery choose their own (delivery.md 1).
 *
 * @module
 */

/** Most characters of a task's id. */
export const longestId = 255;
