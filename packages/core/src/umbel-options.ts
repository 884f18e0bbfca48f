/**
 * What an application is given: when it is made, and with a call by name.
 *
 * @module
 */

import type { Connections } from "./connections.ts";
import type { OpenEagerRun } from "./eager.ts";
import type { Settings } from "./settings.ts";
import type { CallOptions } from "./task-options.ts";

/** What an application is made with: adapters, and any of the settings. */
export interface UmbelOptions extends Partial<Settings>, Connections {
  /** What runs calls in this process, `eager()` of `umbel/eager`: for a bundle that has to have it with it. */
  readonly eager?: OpenEagerRun;
  /** Variables that win over the process's own. */
  readonly env?: Readonly<Record<string, unknown>>;
}

/** A call by name, of a task that may be registered elsewhere only. */
export interface SendTaskOptions extends CallOptions {
  readonly args?: readonly unknown[];
}

/** What an application is made with besides its settings; the type makes sure that none is forgotten. */
export const connectionNames: readonly string[] = Object.keys({
  broker: true,
  backend: true,
  env: true,
  log: true,
  platform: true,
  eager: true,
} satisfies Record<Exclude<keyof UmbelOptions, keyof Settings>, true>);
