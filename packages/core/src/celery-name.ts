/**
 * Names in Celery's manner, and in ours.
 *
 * @module
 */

/** A name in camelCase. */
export function camel(name: string): string {
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A name as Celery writes it: `taskDefaultQueue`, `TASK_DEFAULT_QUEUE` and `task_default_queue` are one. */
export function snake(name: string): string {
  return name.includes("_") || name === name.toUpperCase()
    ? name.toLowerCase()
    : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
