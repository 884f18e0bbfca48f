/**
 * Promises that are rejected when nobody awaits them: a task has begun something and has not waited for it. Node, Bun and Deno
 * end the process then, and with it every other task that it runs.
 *
 * @module
 */

/** Logs each of them, and lets the process live. Which task it was the runtimes do not tell; the stack often does. */
export function surviveStrayRejections(): void {
  process.on("unhandledRejection", (reason) => console.error("A promise was rejected that nobody awaits:", reason));
}
