/**
 * The id of the process, for readers of STARTED.
 *
 * @module
 */

/** Of Node's, Bun's and Deno's processes; null where there is none, or where it tells nothing (workerd has 1 for all). */
export function processId(): number | null {
  const runtime: unknown = Reflect.get(globalThis, "process");
  const id: unknown = typeof runtime === "object" && runtime !== null ? Reflect.get(runtime, "pid") : undefined;
  return typeof id === "number" && id > 1 ? id : null;
}
