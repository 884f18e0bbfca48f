/**
 * What operators have said of a task: it wins over what the task says of itself.
 *
 * @module
 */

import type { DirectedLimits } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";

type Directed = Pick<CallingApplication, "oversight">;

/** Its rate limit, 0 for none; undefined where nobody has said so. */
export function directedRate({ oversight }: Directed, task: string): string | number | undefined {
  return valueIn(oversight.directives.rateLimits, task);
}

/** Its time limits, in seconds. */
export function directedLimits({ oversight }: Directed, task: string): DirectedLimits {
  return valueIn(oversight.directives.timeLimits, task) ?? {};
}

/** Names are anybody's: a task may be called `constructor`. */
function valueIn<Value>(values: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}
