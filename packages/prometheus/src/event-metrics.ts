/**
 * Numbers of all tasks and workers whose events come by: for a monitor, a process beside the workers, be those on the edge or
 * in Python.
 *
 * @module
 */

import type { EventBody } from "@umbel/protocol";
import type { Registry } from "prom-client";
import { capped } from "./capped.ts";
import type { Cluster, KnownTask } from "./cluster.ts";
import { type Happening, type MetricsOptions, openSeries, type Series, type TaskLabels } from "./series.ts";
import { untilSent } from "./until-sent.ts";
import { showWorkers } from "./worker-gauges.ts";

/** Numbers that events are counted in. */
export interface EventMetrics {
  readonly register: Registry;
  /** Takes an event in that the state knows already. */
  readonly count: (event: EventBody) => void;
}

/** Options of {@link eventMetrics}. */
export interface EventMetricsOptions extends MetricsOptions {
  /** Milliseconds since 1970; the platform's clock when not given. */
  readonly now?: () => number;
}

/**
 * Counts events, by what a state knows of their tasks; workers are those of the state at the time when somebody asks. What is
 * heard of a task before it is heard that it was sent waits for that, for two seconds at most.
 *
 * ```ts
 * const receiver = events(app);
 * const { count } = eventMetrics(receiver.state);
 * await receiver.capture({ handlers: { "*": count } });
 * ```
 *
 * Throws `ImproperlyConfigured` for a register that shows workers already.
 */
export function eventMetrics(state: Cluster, options: EventMetricsOptions = {}): EventMetrics {
  const { now = Date.now } = options;
  const held = untilSent<Told>((told) => countTask(series, told), now);
  // First of all, so that whoever asks is told of what has waited for long enough.
  showWorkers({ workers: state.workers, onAsked: () => held.endWaiting() }, options);
  const series = capped(openSeries(options));
  return {
    register: series.register,
    count(event) {
      const what = happenings.get(event.type);
      const uuid = event["uuid"];
      if (what === undefined || typeof uuid !== "string") return;
      const task = state.tasks.get(uuid);
      if (task !== undefined) held.take({ uuid, task, what, event, hostname: task.worker?.hostname ?? unknown });
    },
  };
}

const happenings: ReadonlyMap<string, Happening> = new Map([
  ["task-sent", "sent"],
  ["task-received", "received"],
  ["task-started", "started"],
  ["task-succeeded", "succeeded"],
  ["task-failed", "failed"],
  ["task-rejected", "rejected"],
  ["task-revoked", "revoked"],
  ["task-retried", "retried"],
]);

interface Told {
  readonly uuid: string;
  /** Of the worker that had the task then. */
  readonly hostname: string;
  readonly task: KnownTask;
  readonly what: Happening;
  readonly event: EventBody;
}

function countTask(series: Series, told: Told): void {
  const { task, what, event } = told;
  const labels = labelsOf(told);
  series.count(what, labels, what === "failed" ? exceptionIn(event["exception"]) : undefined);
  const runtime = event["runtime"];
  if (what === "succeeded" && typeof runtime === "number") series.ran(labels, runtime);
  if (what !== "started" || task.sent === null) return;
  const due = task.eta === null ? NaN : Date.parse(task.eta) / 1000;
  series.waited(labels, event.timestamp - (due > task.sent ? due : task.sent));
}

/** As celery-exporter has it where it is told to: who sends has as many names as there are processes. */
const caller = "generic";

/** What no event has told: the name of a task whose beginning nobody heard, the queue where sent events are off. */
const unknown = "unknown";

function labelsOf({ task, what, hostname }: Told): TaskLabels {
  return {
    name: task.name ?? unknown,
    hostname: what === "sent" ? caller : hostname,
    queue_name: task.routingKey ?? unknown,
  };
}

/** The class in Python's repr of an exception: `RangeError('too far')`. */
function exceptionIn(text: unknown): string {
  const [name] = typeof text === "string" ? (/^[\w.]{1,100}(?=\(|$)/.exec(text) ?? []) : [];
  return name ?? unknown;
}
