/**
 * The one function that reads variables (delivery.md 22).
 *
 * @module
 */

/** The variable in the first record that has it as text; then the process's own, on runtimes that have one. */
export function readEnvironment(
  name: string,
  records: readonly (Readonly<Record<string, unknown>> | undefined)[],
): string | undefined {
  for (const record of [...records, processEnvironment()]) {
    const value = record?.[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

/** `process.env` is there on Node, Bun and Deno, and on workerd with Node compatibility. */
function processEnvironment(): Readonly<Record<string, unknown>> | undefined {
  const runtime: unknown = Reflect.get(globalThis, "process");
  const variables: unknown = isRecord(runtime) ? runtime["env"] : undefined;
  return isRecord(variables) ? variables : undefined;
}

/** Whether this is a Worker whose variables come with its requests only: those of newer dates are in `process.env` as well. */
export function isFedByRequests(): boolean {
  const runtime: unknown = Reflect.get(globalThis, "Cloudflare");
  const flags: unknown = isRecord(runtime) ? runtime["compatibilityFlags"] : undefined;
  return isRecord(flags) && flags["nodejs_compat_populate_process_env"] === false;
}

/** Whether a value can hold variables. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
