/**
 * What a register has already.
 *
 * @module
 */

import type { Metric, Registry } from "prom-client";

type Kind<Made extends Metric> = abstract new (...options: never[]) => Made;

/** The metric of a name, if it is of this kind: several applications of a process may share a register. */
export function known<Made extends Metric>(register: Registry, name: string, kind: Kind<Made>): Made | undefined {
  const found = register.getSingleMetric(name);
  return found instanceof kind ? found : undefined;
}
