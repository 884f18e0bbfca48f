/**
 * The series: those of celery-exporter where it has them, by its names and labels, so that dashboards which are made for
 * Celery show these tasks.
 *
 * @module
 */

import { Counter, Histogram, register as globalRegister, type Registry } from "prom-client";
import { known } from "./known.ts";

/** Which numbers are kept, and where. */
export interface MetricsOptions {
  /** Defaults to prom-client's own. */
  readonly register?: Registry;
  /** What names begin with: `celery_`, celery-exporter's, when not given. */
  readonly prefix?: string;
  /** Upper bounds of the histograms' buckets, in seconds; prom-client's when not given. */
  readonly buckets?: readonly number[];
}

/** What happens to a task. */
export type Happening = "sent" | "received" | "started" | "succeeded" | "failed" | "rejected" | "revoked" | "retried";

/** What is counted apart. */
export interface TaskLabels {
  readonly name: string;
  /** Name of the worker. */
  readonly hostname: string;
  readonly queue_name: string;
}

/** The numbers of one register. */
export interface Series {
  readonly register: Registry;
  /** One more; `exception` is the name of what a task has failed of. */
  count(what: Happening, labels: TaskLabels, exception?: string): void;
  /** So many seconds has a body run that has returned. */
  ran(labels: TaskLabels, seconds: number): void;
  /** So many seconds has a call waited to be begun, since it was sent or due. */
  waited(labels: TaskLabels, seconds: number): void;
}

const helps: Readonly<Record<Happening, string>> = {
  sent: "Messages of tasks that were sent.",
  received: "Messages of tasks that a worker has received.",
  started: "Attempts that were begun.",
  succeeded: "Tasks that have returned.",
  failed: "Tasks that have failed for good, by what they failed of.",
  rejected: "Tasks that were put back into their queue, or among the dead letters.",
  revoked: "Tasks that were revoked, or had expired.",
  retried: "Attempts after which a task is to be tried again.",
};

const taskLabels = ["name", "hostname", "queue_name"] as const;

/** Opens them; those that the register has already go on. */
export function openSeries({ register = globalRegister, prefix = "celery_", buckets }: MetricsOptions): Series {
  const registers = [register];
  const times = { labelNames: taskLabels, registers, ...(buckets === undefined ? {} : { buckets: [...buckets] }) };
  const counter = (what: Happening) => {
    const name = `${prefix}task_${what}_total`;
    const labelNames = what === "failed" ? [...taskLabels, "exception"] : taskLabels;
    return known(register, name, Counter) ?? new Counter({ name, help: helps[what], labelNames, registers });
  };
  const histogram = (name: string, help: string) =>
    known(register, `${prefix}${name}`, Histogram) ?? new Histogram({ name: `${prefix}${name}`, help, ...times });
  const counters = {
    sent: counter("sent"),
    received: counter("received"),
    started: counter("started"),
    succeeded: counter("succeeded"),
    failed: counter("failed"),
    rejected: counter("rejected"),
    revoked: counter("revoked"),
    retried: counter("retried"),
  };
  const runtime = histogram("task_runtime", "Seconds that bodies have run which have returned.");
  const queueTime = histogram("task_queue_time", "Seconds from when a call was sent, or due, until it was begun.");
  return {
    register,
    count: (what, labels, exception) =>
      counters[what].inc({ ...labels, ...(exception === undefined ? {} : { exception }) }),
    ran: (labels, seconds) => runtime.observe({ ...labels }, seconds),
    waited: (labels, seconds) => queueTime.observe({ ...labels }, Math.max(0, seconds)),
  };
}
