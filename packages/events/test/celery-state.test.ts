/**
 * The same events to Celery's own State and to ours.
 *
 * They are to say the same but for the two defects of Celery's that ours does not have: what those touch is marked while ours folds.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import { type Change, State, type Task, type WorkerNode } from "../src/index.ts";
import { captureNames, eventsOf, hasCaptures } from "./captures.ts";
import { type CeleryState, celeryStates, type Fields, hasCelery } from "./celery-state.ts";
import { Dice, disordered } from "./disorder.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
const seed = Number(process.env["UMBEL_TEST_SEED"] ?? (isFull ? Date.now() % 2 ** 30 : 2026));

/** What a defect of Celery's has done to a task: reopened it for a late retry, or set its time back. */
type Mark = "reopened" | "set back";

/** The fields that then cannot be compared. */
const touched: Readonly<Record<Mark, readonly string[]>> = {
  reopened: ["state", "timestamp", "clock", "retries", "exception", "traceback"],
  "set back": ["timestamp", "clock"],
};

interface Folded {
  readonly state: State;
  readonly marks: ReadonlyMap<string, Mark>;
}

describe.skipIf(!hasCelery)("Celery's State and ours", () => {
  it(`say the same of events in any order (UMBEL_TEST_SEED=${seed})`, () => {
    const lists = Array.from({ length: isFull ? 5000 : 400 }, (_, at) => disordered(new Dice(seed + at)));

    const theirs = celeryStates(lists);
    const ours = lists.map(fold);

    expect(ours.map(told)).toEqual(theirs.map((state, at) => toldBy(state, ours[at]?.marks ?? new Map())));
    const marked = ours.flatMap(({ marks }) => Array.from(marks.values()));
    expect(marked.filter((each) => each === "reopened").length).toBeGreaterThan(10);
    expect(marked.filter((each) => each === "set back").length).toBeGreaterThan(10);
  });

  it.skipIf(!hasCaptures)("say the same of all that was captured, forwards and backwards", async () => {
    // Who was replaced is to Celery a child of its own child: there ours has to differ, and merge.test.ts says how.
    const names = captureNames().filter((name) => !name.includes("/replaced-"));
    const captured = await Promise.all(names.map(eventsOf));
    // Without the hours west of UTC: to Celery they move what comes from another zone (celery-wire.md 10).
    const forwards = captured.map((events) => events.map((event) => without(event, ["utcoffset"])));
    const lists = [...forwards, ...forwards.map((events) => events.toReversed())];

    const theirs = celeryStates(lists);
    const ours = lists.map(fold);

    expect(lists.length).toBeGreaterThan(400);
    expect(ours.map(({ state }) => state.malformed).filter(Boolean)).toEqual([]);
    expect(ours.map(told)).toEqual(theirs.map((state, at) => toldBy(state, ours[at]?.marks ?? new Map())));
  });
});

function fold(events: readonly object[]): Folded {
  const marks = new Map<string, Mark>();
  const state = new State({ onEvent: (_, change) => mark(change, marks) });
  for (const event of events) state.event(event, Number(Reflect.get(event, "timestamp")));
  return { state, marks };
}

function mark(change: Change, marks: Map<string, Mark>): void {
  if (change.group !== "task" || marks.get(change.task.id) === "reopened") return;
  const { isLate, subject, task } = change;
  if (!isLate) marks.delete(task.id);
  else if (subject === "retried") marks.set(task.id, "reopened");
  else if (subject !== "received") marks.set(task.id, "set back");
}

function told({ state, marks }: Folded): CeleryState {
  return {
    events: state.eventCount,
    received: state.taskCount,
    types: state.taskTypes(),
    order: state.tasksByTime().map(({ id }) => id),
    tasks: Object.fromEntries(
      Array.from(state.tasks.values(), (task) => [task.id, unmarked(task.id, ofTask(task), marks)]),
    ),
    workers: Object.fromEntries(Array.from(state.workers.values(), (worker) => [worker.hostname, ofWorker(worker)])),
  };
}

/** What Celery says, without what a defect has touched, and without tasks that are their own parents. */
function toldBy(state: CeleryState, marks: ReadonlyMap<string, Mark>): CeleryState {
  const tasks = Object.entries(state.tasks).map(([id, task]) => {
    const children = [task["children"]].flat().filter((child) => child !== id);
    const parent = task["parent_id"] === id ? null : task["parent_id"];
    return [id, unmarked(id, { ...task, children, parent_id: parent }, marks)];
  });
  return { ...state, tasks: Object.fromEntries(tasks) };
}

function unmarked(id: string, task: Fields, marks: ReadonlyMap<string, Mark>): Fields {
  const found = marks.get(id);
  return found === undefined ? task : without(task, touched[found]);
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

function ofTask(task: Task): Fields {
  const { rootId, parentId, routingKey, extra } = task;
  const { pct = null } = extra;
  const same = without({ ...task.toJSON() }, ["uuid", "extra", "heard", "rootId", "parentId", "routingKey"]);
  const children = task.children.map(({ id }) => id).toSorted();
  return { ...same, root_id: rootId, parent_id: parentId, routing_key: routingKey, pct, children };
}

function ofWorker({
  pid,
  freq,
  active,
  processed,
  loadavg,
  swIdent,
  swVer,
  swSys,
  clock,
  heartbeats,
}: WorkerNode): Fields {
  const heard = heartbeats.at(-1) ?? null;
  return { pid, freq, active, processed, loadavg, sw_ident: swIdent, sw_ver: swVer, sw_sys: swSys, clock, heard };
}
