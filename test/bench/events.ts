/**
 * What events cost: tasks with them and without, in turn; and how many a second a model of the cluster takes in, ours and Celery's
 * own, each in one process, the same events.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { State } from "umbel/events";
import { celeryVersion } from "./celery.ts";
import { watched } from "./budget.ts";
import type { Running } from "./contender.ts";
import { type Line, median, type Setting, type Trial } from "./trial.ts";
import { cpuOf } from "./usage.ts";

/** Many small tasks, from the call to the stored result: without events, with those of a worker, and how much of the one the other is. */
const throughput: Trial = {
  name: "events-rate",
  figures: [
    { id: "events-off", title: "end to end, no events sent", unit: "tasks/s", better: "more" },
    { id: "events-on", title: "end to end, events sent", unit: "tasks/s", better: "more" },
    { id: "events-share", title: "the second, of the first", unit: "%", better: "more" },
    { id: "events-cpu-off", title: "processor time, no events sent", unit: "ms/task", better: "less" },
    { id: "events-cpu-on", title: "processor time, events sent", unit: "ms/task", better: "less" },
  ],
  contenders: ["embedded", "redis"],
  async measure(running, { scaled }) {
    const costs = { off: [] as Cost[], on: [] as Cost[] };
    // In this order what slows the machine down, or speeds it up, does it to both alike.
    for (const are of ["off", "on", "on", "off", "off", "on", "on", "off"] as const) {
      await running.umbel?.sendEvents(are === "on");
      costs[are].push(await costOf(running, scaled(3000)));
    }
    await running.umbel?.sendEvents(false);
    const [off, on] = [medianOf(costs.off), medianOf(costs.on)];
    return [off.rate, on.rate, (on.rate / off.rate) * 100, off.cpu, on.cpu];
  },
};

interface Cost {
  /** Tasks a second. */
  readonly rate: number;
  /** Milliseconds of a processor for each. */
  readonly cpu: number;
}

async function costOf(running: Running, count: number): Promise<Cost> {
  const before = cpuOf(running.all);
  const [seconds = Number.NaN] = await running.ask({ scenario: "tasks", count });
  return { rate: count / seconds, cpu: ((cpuOf(running.all) - before) / count) * 1000 };
}

function medianOf(costs: readonly Cost[]): Cost {
  return { rate: median(costs.map(({ rate }) => rate)), cpu: median(costs.map(({ cpu }) => cpu)) };
}

const trips: Trial = {
  name: "events-trips",
  figures: [
    { id: "events-trips-off", title: "round trips to the store, no events sent", unit: "per task", better: "less" },
    { id: "events-trips-on", title: "round trips to the store, events sent", unit: "per task", better: "less" },
    { id: "events-commands-off", title: "Redis commands as sent, no events sent", unit: "per task", better: "less" },
    { id: "events-commands-on", title: "Redis commands as sent, events sent", unit: "per task", better: "less" },
  ],
  contenders: ["redis"],
  mostRuns: 1,
  async measure(running, setting) {
    const off = await countsOf(running, setting);
    await running.umbel?.sendEvents(true);
    const on = await countsOf(running, setting);
    await running.umbel?.sendEvents(false);
    return [off.trips, on.trips, off.commands, on.commands];
  },
};

/** What whoever turns events on wants to know. */
export const eventCosts: readonly Trial[] = [throughput, trips];

/** Round trips and commands of a task, out of a hundred. */
async function countsOf(running: Running, setting: Setting) {
  const before = await running.umbel?.requests();
  const commands = await watched(running, setting, async (watch) => {
    await running.ask({ scenario: "send", count: 100 });
    await watch.quiet();
    return watch.sent();
  });
  const after = await running.umbel?.requests();
  return { trips: ((after?.store ?? Number.NaN) - (before?.store ?? Number.NaN)) / 100, commands: commands / 100 };
}

/** When everything happens, in Unix seconds. */
const start = 1_795_000_000;

/** Workers, and how many tasks a step later than it was sent a task is received, started and done. */
const workers = 50;
const lag = { received: 10, started: 50, succeeded: 100 };

/**
 * A line with the events a second: lives of four events each, a hundred under way at a time, of which the model
 * holds the last 10,000, and a heartbeat for every six tasks. Without Celery where there is none.
 */
export function eventSpeeds({ runs, isQuick }: { readonly runs: number; readonly isQuick: boolean }): readonly Line[] {
  const events = eventsOf(isQuick ? 240 : 24_000);
  const speeds = { embedded: [] as number[], celery: [] as number[] };
  for (let time = 0; time < runs; time += 1) {
    speeds.embedded.push(events.length / secondsOfOurs(events));
    if (celeryVersion() !== undefined) speeds.celery.push(events.length / secondsOfCelery(events));
  }
  const measured = Object.entries(speeds).filter(([, each]) => each.length > 0);
  const title = "events into the model of a cluster of 10,000 tasks, one process";
  return [
    {
      figure: "events",
      title,
      unit: "1/s",
      better: "more",
      values: Object.fromEntries(measured.map(([name, each]) => [name, median(each)])),
      runs: Object.fromEntries(measured),
    },
  ];
}

function eventsOf(tasks: number): readonly object[] {
  const told = Array.from({ length: tasks }, (_, at) => eventsAt(at)).flat();
  return Array.from(told, (event, at) => {
    const timestamp = start + at / 1000;
    return { ...event, clock: at + 1, timestamp, local_received: timestamp };
  });
}

/** What is told when another task is sent: of that one, and of those that were sent some time before it. */
function eventsAt(at: number): readonly object[] {
  const call = { name: `tasks.kind${at % 20}`, args: `(${at}, 'two')`, kwargs: "{}", retries: 0, eta: null };
  const told = [
    { at, event: { type: "task-sent", ...call, queue: "celery", routing_key: "celery" } },
    { at: at - lag.received, event: { type: "task-received", ...call } },
    { at: at - lag.started, event: { type: "task-started" } },
    { at: at - lag.succeeded, event: { type: "task-succeeded", result: "'done'", runtime: 0.05 } },
  ];
  const ofTasks = told.filter((each) => each.at >= 0).map((each) => ofTask(each.at, each.event));
  const ofWorker = { type: "worker-heartbeat", ...by(at), freq: 2, active: 4, processed: at, loadavg: [1, 1, 1] };
  return at % 6 === 0 ? [...ofTasks, ofWorker] : ofTasks;
}

function ofTask(at: number, event: object): object {
  return { ...event, ...by(at), uuid: `0d8e5b4c-6f2a-4c5e-9b3d-${String(at).padStart(12, "0")}` };
}

function by(at: number): object {
  return { hostname: `celery@worker${at % workers}`, pid: 4711, utcoffset: 0 };
}

function secondsOfOurs(events: readonly object[]): number {
  const state = new State();
  const begun = performance.now();
  for (const event of events) state.event(event);
  const seconds = (performance.now() - begun) / 1000;
  if (state.eventCount !== events.length) throw new Error(`${state.malformed} events made no sense to Umbel`);
  return seconds;
}

function secondsOfCelery(events: readonly object[]): number {
  const input = JSON.stringify(events);
  const { status, stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", celeryProgram], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`Python failed: ${stderr}`);
  return Number(stdout);
}

const celeryProgram = `
import json, sys, time
from celery.events.state import State

events = json.load(sys.stdin)
state = State()
begun = time.perf_counter()
for event in events:
    state.event(event)
print(time.perf_counter() - begun)
`;
