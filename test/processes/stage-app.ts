/**
 * The application of the tests with real processes, the same in the test and in each worker process.
 *
 * @module
 */

import { type LogSink, type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import type { Journal } from "./journal.ts";
import { declareParent } from "./parent-task.ts";

/** What a process has to know; it travels as JSON in the variable `UMBEL_STAGE`. Durations in seconds. */
export interface StageSettings {
  readonly qstashUrl: string;
  readonly restUrl: string;
  /** Where workers are reached, and what pushes are signed for. */
  readonly workerUrl: string;
  readonly journalUrl: string;
  /** How long a worker holds an attempt. */
  readonly lease: number;
  /** How often the broker repeats a failed push. */
  readonly brokerRetries: number;
  /** How long the broker waits for an answer to a push; hours when absent. */
  readonly pushTimeout?: number;
  /** How long a request to the store may take. */
  readonly storeTimeout: number;
}

/** Makes the application, with adapters as anybody would make them. */
export function stageApp(settings: StageSettings, log?: LogSink): Umbel {
  const { qstashUrl, restUrl, workerUrl, lease, brokerRetries, pushTimeout, storeTimeout } = settings;
  const patience = pushTimeout === undefined ? {} : { timeout: pushTimeout };
  return new Umbel("stage", {
    broker: qstash({ url: qstashUrl, workerUrl, retries: brokerRetries, ...patience }),
    backend: upstash({ url: restUrl, timeout: storeTimeout }),
    workerLease: lease,
    ...(log && { log }),
  });
}

/** Tasks that write down under their label when a process begins and ends them. */
export interface StageTasks {
  /** Ends at once, with its label. */
  readonly count: Task<[label: string], string>;
  /** Runs until the gate of its label is open; gives the process that ran it. */
  readonly wait: Task<[label: string], number>;
  /** The same, acknowledged before it runs. */
  readonly hasty: Task<[label: string], number>;
  /** Puts itself back the first time. */
  readonly putBack: Task<[label: string], string>;
  /** Makes calls, and ends in its second run only: gives the number of its runs. */
  readonly parent: Task<[], number>;
  /** How many labels it was given. */
  readonly total: Task<[labels: readonly string[]], number>;
}

/** Declares them. */
export function stageTasks(app: Umbel, journal: Journal): StageTasks {
  const wait = async (label: string): Promise<number> =>
    await noted(journal, label, async () => {
      await journal.pass(label);
      return process.pid;
    });
  const count = app.task("stage.count", async (label: string) => await noted(journal, label, () => label));
  return {
    count,
    parent: declareParent(app, journal, count),
    wait: app.task("stage.wait", wait),
    hasty: app.task({ name: "stage.hasty", acksLate: false }, wait),
    putBack: app.task({ name: "stage.put-back", bind: true }, async (task, label: string) => {
      const runs = await noted(journal, label, async () => (await journal.read(label)).length);
      return runs === 1 ? task.reject("once more", { requeue: true }) : label;
    }),
    total: app.task(
      "stage.total",
      async (labels: readonly string[]) => await noted(journal, "total", () => labels.length),
    ),
  };
}

async function noted<Value>(journal: Journal, label: string, work: () => Value | Promise<Value>): Promise<Value> {
  await journal.note(label, `begin ${process.pid}`);
  const value = await work();
  await journal.note(label, `end ${process.pid}`);
  return value;
}
