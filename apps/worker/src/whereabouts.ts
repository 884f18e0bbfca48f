/**
 * Which runtime this code runs on, and in which process: the one place of this app where runtimes are told apart.
 *
 * @module
 */

import { getRuntimeKey } from "hono/adapter";

/** Where a task ran. */
export interface Whereabouts {
  readonly runtime: ReturnType<typeof getRuntimeKey>;
  /** The runtime's version; on workerd, which tells a worker none, the variable `WORKERD_VERSION`. */
  readonly version: string;
  /** The process's id; where there are only isolates, a random name that this one has given itself. */
  readonly process: string;
}

/** Where this is; `environment` reads variables. */
export function whereabouts(environment: (name: string) => string | undefined): Whereabouts {
  const runtime = getRuntimeKey();
  if (runtime === "bun" || runtime === "deno" || runtime === "node") {
    return { runtime, version: process.versions[runtime] ?? "", process: String(process.pid) };
  }
  return { runtime, version: environment("WORKERD_VERSION") ?? "", process: isolateName() };
}

let isolate: string | undefined;

/** Made at the first request: workerd gives no random numbers before. */
function isolateName(): string {
  return (isolate ??= crypto.randomUUID());
}
