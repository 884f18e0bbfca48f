/**
 * Numbers of the tasks that this process sends and runs: for workers that live for long, where somebody can come and ask.
 *
 * @module
 */

import { around, type CallingApplication, isOwnTask, type Outcome, Reject, type TaskRequest } from "@umbel/core";
import { failureOf } from "@umbel/protocol";
import type { Registry } from "prom-client";
import { type Happening, type MetricsOptions, openSeries, type Series, type TaskLabels } from "./series.ts";
import { openGauges, type WorkerGauges } from "./worker-gauges.ts";

/** An application whose tasks are to be counted. */
export type MeasuredApplication = Pick<CallingApplication, "logger" | "platform" | "signals" | "tasks">;

/** Numbers that are being kept. */
export interface TaskMetrics {
  readonly register: Registry;
  /** Keeps no more: what was counted stays. */
  readonly stop: () => void;
}

/** What ends the numbers of an application, by its signals: they are the same ones wherever it is served. */
const stopped = new WeakMap<object, () => void>();

/**
 * Counts an application's tasks in this process, from now on. A second time takes the first one's place. How long a call has waited is known where its sender counts
 * too: the header `sent_at` of its message says when that was. Tasks of Umbel's own are not counted.
 */
export function metrics(app: MeasuredApplication, options: MetricsOptions = {}): TaskMetrics {
  stopped.get(app.signals)?.();
  const series = openSeries(options);
  const gauges = openGauges(options);
  const undo = [...countMessages(app, series), measureAttempts(app, series, gauges), showWorker(app, gauges)];
  const stop = () => {
    for (const each of undo.splice(0)) each();
  };
  stopped.set(app.signals, stop);
  return { register: series.register, stop };
}

/** Of who sends: a worker's name would say nothing of a caller. */
const caller = "generic";

function countMessages({ signals }: MeasuredApplication, series: Series): readonly (() => void)[] {
  const sent = signals.afterTaskPublish.connect(({ headers, routingKey }) => {
    if (isOwnTask(headers.task)) return;
    series.count("sent", { name: headers.task, hostname: caller, queue_name: routingKey });
  });
  const received = signals.taskReceived.connect(({ request }) => {
    if (!isOwnTask(request.task)) series.count("received", labelsOf(request));
  });
  return [() => signals.afterTaskPublish.disconnect(sent), () => signals.taskReceived.disconnect(received)];
}

/** A worker that serves is up; nobody would be asked for one that is not. */
function showWorker({ signals }: MeasuredApplication, { up }: WorkerGauges): () => void {
  const ready = signals.workerReady.connect(({ sender }) => up.set({ hostname: nameOf(sender) }, 1));
  return () => signals.workerReady.disconnect(ready);
}

function nameOf(sender: string | { readonly name: string }): string {
  return typeof sender === "string" ? sender : sender.name;
}

function measureAttempts(app: MeasuredApplication, series: Series, { active }: WorkerGauges): () => void {
  return around(app, {
    async publish(messages, proceed) {
      for (const { message } of messages) message.headers["sent_at"] = app.platform.now();
      await proceed();
    },
    async attempt({ request }, proceed) {
      if (isOwnTask(request.task)) return;
      const labels = labelsOf(request);
      const begun = app.platform.now();
      series.count("started", labels);
      countWait(series, request, begun);
      active.inc({ hostname: request.hostname });
      const { outcome } = await proceed().finally(() => active.dec({ hostname: request.hostname }));
      if (outcome.state === "SUCCESS") series.ran(labels, (app.platform.now() - begun) / 1000);
    },
    async store({ request }, proceed) {
      const { outcome, applied } = await proceed();
      if (!applied || isOwnTask(request.task)) return;
      const labels = labelsOf(request);
      countEnd(series, app.tasks.has(request.task) ? labels : { ...labels, name: "unknown" }, outcome);
    },
  });
}

/** A retry, and a call with an eta, begin to wait when they are due. */
function countWait(series: Series, request: TaskRequest, begun: number): void {
  const sentAt = request.headers["sent_at"];
  if (typeof sentAt !== "number") return;
  series.waited(labelsOf(request), (begun - Math.max(sentAt, request.eta ?? 0)) / 1000);
}

function countEnd(series: Series, labels: TaskLabels, outcome: Outcome): void {
  const what = happeningOf(outcome);
  if (what === undefined) return;
  const failed = outcome.state === "FAILURE" && what === "failed";
  series.count(what, labels, failed ? failureOf(outcome.error).exc_type : undefined);
}

/** As Celery's events tell of ends: of a task that was ignored they do not, and one that was replaced ends later. */
function happeningOf(outcome: Outcome): Happening | undefined {
  switch (outcome.state) {
    case "SUCCESS":
      return "succeeded";
    case "FAILURE":
      return outcome.error instanceof Reject ? "rejected" : "failed";
    case "RETRY":
      return "retried";
    case "REVOKED":
      return "revoked";
    case "REJECTED":
      return "rejected";
    case "IGNORED":
    case "REPLACED":
      return undefined;
  }
}

function labelsOf({ task, hostname, deliveryInfo }: TaskRequest): TaskLabels {
  return { name: task, hostname, queue_name: deliveryInfo.queue };
}
