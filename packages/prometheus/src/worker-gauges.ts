/**
 * The gauges of workers: whether they live, and what they run.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import { Gauge, register as globalRegister } from "prom-client";
import type { Cluster, KnownWorker } from "./cluster.ts";
import { known } from "./known.ts";
import type { MetricsOptions } from "./series.ts";

/** Both. */
export interface WorkerGauges {
  readonly up: Gauge<"hostname">;
  readonly active: Gauge<"hostname">;
}

const up = { name: "worker_up", help: "Whether a worker was heard of lately." };
const active = { name: "worker_tasks_active", help: "Attempts that a worker runs now." };

/** Those that a worker sets itself. */
export function openGauges({ register = globalRegister, prefix = "celery_" }: MetricsOptions): WorkerGauges {
  const open = ({ name, help }: typeof up) =>
    known(register, prefix + name, Gauge) ??
    new Gauge({ name: prefix + name, help, labelNames: ["hostname"], registers: [register] });
  return { up: open(up), active: open(active) };
}

/** Of whom they are. */
export interface Shown extends Pick<Cluster, "workers"> {
  /** Called when somebody asks, before anything that was registered later is read. */
  readonly onAsked: () => void;
}

/**
 * Those of all workers that somebody knows, set anew whenever somebody asks: who is forgotten is not shown for ever. Throws
 * `ImproperlyConfigured` where the register has such gauges already: the two would undo what the other shows.
 */
export function showWorkers(
  { workers, onAsked }: Shown,
  { register = globalRegister, prefix = "celery_" }: MetricsOptions,
): void {
  const show = ({ name, help }: typeof up, valueOf: (worker: KnownWorker) => number) => {
    if (register.getSingleMetric(prefix + name) !== undefined)
      throw new ImproperlyConfigured(
        `The register has ${prefix}${name} already: give each of its own, { register: new Registry() }`,
      );
    const gauge: Gauge<"hostname"> = new Gauge({
      name: prefix + name,
      help,
      labelNames: ["hostname"],
      registers: [register],
      collect: () => {
        onAsked();
        gauge.reset();
        for (const worker of workers.values()) gauge.set({ hostname: worker.hostname }, valueOf(worker));
      },
    });
  };
  show(up, ({ alive }) => (alive ? 1 : 0));
  show(active, (worker) => (worker.alive ? (worker.active ?? 0) : 0));
}
