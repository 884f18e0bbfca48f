/**
 * What runs calls in the process that makes them: `taskAlwaysEager`, `task.apply()`.
 *
 * Where modules are files it is loaded when it is first needed, and nobody has to name it. A bundle has it when it is given
 * to the application: `new Umbel("shop", { eager: eager() })`.
 *
 * @module
 */

import type { OpenEagerRun } from "@umbel/core";
import { memoryBackend } from "@umbel/memory";
import { withAttempts } from "@umbel/upstash-redis";
import { type EagerOptions, eagerRuns } from "@umbel/worker";

/**
 * Runs calls here, against a store in memory. Other halves of backends, for `taskStoreEagerResult`, are asked before ours.
 */
export function eager({ backends = [] }: Pick<EagerOptions, "backends"> = {}): OpenEagerRun {
  return eagerRuns({ store: (now) => memoryBackend({ now }), backends: [...backends, withAttempts] });
}
