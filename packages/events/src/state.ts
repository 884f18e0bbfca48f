/**
 * A cluster as its events tell of it: its tasks and workers in memory, at the time of the last event
 * (celery-semantics.md 6.4). It does no I/O; whoever receives events hands them in.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { Change } from "./change.ts";
import { Cluster } from "./cluster.ts";
import { readEvent } from "./event-fields.ts";
import { fold } from "./fold.ts";
import type { LamportClock } from "./lamport-clock.ts";
import { type Page, pageByTime, pageByTimestamp } from "./page.ts";
import { readSnapshot, type StateSnapshot } from "./state-snapshot.ts";
import type { Task } from "./task.ts";
import { isDrifting, type WorkerNode } from "./worker-node.ts";

/** Options of a {@link State}. */
export interface StateOptions {
  /** Most tasks that are kept; who was heard of longest ago goes first. */
  readonly maxTasks?: number;
  /** Most workers that are kept, in the same way. */
  readonly maxWorkers?: number;
  /** Milliseconds since 1970: whether a worker is alive depends on it. */
  readonly now?: () => number;
  /** Called after each sound event, with the event and what it has changed. What it throws, `event` throws. */
  readonly onEvent?: (event: unknown, change: Change) => void;
  /** Called once for each worker whose clock and ours differ by more than 16 seconds. */
  readonly onDrift?: (worker: WorkerNode) => void;
}

/** A cluster as its events tell of it. */
export class State {
  /** The logical clock: ahead of all that was heard of. */
  readonly clock: LamportClock;
  /** Tasks by their ids, who was heard of longest ago first. */
  readonly tasks: ReadonlyMap<string, Task>;
  /** Workers by their names, who was heard of longest ago first. */
  readonly workers: ReadonlyMap<string, WorkerNode>;
  readonly #cluster: Cluster;
  readonly #callbacks: Pick<StateOptions, "onEvent" | "onDrift">;
  readonly #drifting = new WeakSet<WorkerNode>();
  #eventCount = 0;
  #taskCount = 0;
  #malformed = 0;

  /** Throws `ImproperlyConfigured` for a bound that is no whole number from 1. */
  constructor({ maxTasks = 10_000, maxWorkers = 5000, now = Date.now, ...callbacks }: StateOptions = {}) {
    const bounds = { maxTasks: bound("maxTasks", maxTasks), maxWorkers: bound("maxWorkers", maxWorkers) };
    this.#cluster = new Cluster({ ...bounds, now: () => now() / 1000 });
    this.#callbacks = callbacks;
    this.clock = this.#cluster.clock;
    this.tasks = this.#cluster.tasks.entries;
    this.workers = this.#cluster.workers.entries;
  }

  /** A state that goes on where a snapshot was taken. Throws `InvalidMessageError` that says what is wrong with it. */
  static from(snapshot: unknown, options?: StateOptions): State {
    const state = new State(options);
    const { eventCount, taskCount, malformed } = readSnapshot(snapshot, state.#cluster);
    state.#eventCount = eventCount;
    state.#taskCount = taskCount;
    state.#malformed = malformed;
    return state;
  }

  /** Sound events. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** Tasks that were received: `task-received` events. */
  get taskCount(): number {
    return this.#taskCount;
  }

  /** Events that made no sense. They have changed nothing. */
  get malformed(): number {
    return this.#malformed;
  }

  /**
   * Takes an event in, as its sender wrote it, and says what has changed; undefined, and one more in `malformed`, when it
   * makes no sense. `receivedAt` is in Unix seconds: a worker is alive by when it was heard, so whoever reads events of the past says when that was.
   */
  event(event: unknown, receivedAt: number = this.#cluster.now()): Change | undefined {
    const sound = readEvent(event);
    if (!sound) {
      this.#malformed += 1;
      return undefined;
    }
    const change = fold(this.#cluster, sound, receivedAt);
    this.#eventCount += 1;
    if (change.group === "task" && change.subject === "received") this.#taskCount += 1;
    this.#tellDrift(change);
    this.#callbacks.onEvent?.(event, change);
    return change;
  }

  /** By the last that was heard of each, in the order of the logical clock: the latest first. */
  tasksByTime(page?: Page): readonly Task[] {
    return pageByTime(this.tasks.values(), page);
  }

  /** By the last that was heard of each, in the order of the clocks on the senders' walls: the latest first. */
  tasksByTimestamp(page?: Page): readonly Task[] {
    return pageByTimestamp(this.tasks.values(), page);
  }

  /** The tasks of a name, like all that follow in the order of {@link tasksByTime}. */
  tasksByType(name: string, page?: Page): readonly Task[] {
    return pageByTime(this.#cluster.index.find("name", name), page);
  }

  tasksByWorker(hostname: string, page?: Page): readonly Task[] {
    return pageByTime(this.#cluster.index.find("worker", hostname), page);
  }

  tasksByState(state: string, page?: Page): readonly Task[] {
    return pageByTime(this.#cluster.index.find("state", state), page);
  }

  tasksByParent(uuid: string, page?: Page): readonly Task[] {
    return pageByTime(this.#cluster.index.find("parentId", uuid), page);
  }

  tasksByRoot(uuid: string, page?: Page): readonly Task[] {
    return pageByTime(this.#cluster.index.find("rootId", uuid), page);
  }

  /** How many of the tasks that are kept are in each state. */
  countsByState(): ReadonlyMap<string, number> {
    return this.#cluster.index.counts("state");
  }

  /** Names of tasks that were heard of, in order. */
  taskTypes(): readonly string[] {
    return [...this.#cluster.types.entries.keys()].toSorted();
  }

  aliveWorkers(): readonly WorkerNode[] {
    return [...this.workers.values()].filter(({ alive }) => alive);
  }

  /** Forgets tasks: those that have ended, or all. */
  clearTasks({ onlyReady = true }: { readonly onlyReady?: boolean } = {}): void {
    for (const task of this.#cluster.tasks.entries.values()) {
      if (!onlyReady || task.ready) this.#cluster.forgetTask(task);
    }
  }

  /** Forgets workers and counts, and the tasks that have ended, or all. */
  clear(which?: { readonly onlyReady?: boolean }): void {
    this.clearTasks(which);
    this.#cluster.workers.clear();
    this.#eventCount = 0;
    this.#taskCount = 0;
    this.#malformed = 0;
  }

  /** All of it as JSON, for {@link State.from}. What it holds does not change any more. */
  toJSON(): StateSnapshot {
    const { clock, tasks, workers, types } = this.#cluster;
    return {
      version: 1,
      clock: clock.value,
      eventCount: this.#eventCount,
      taskCount: this.#taskCount,
      malformed: this.#malformed,
      types: [...types.entries.keys()],
      workers: Array.from(workers.entries.values(), (worker) => worker.toJSON()),
      tasks: Array.from(tasks.entries.values(), (task) => task.toJSON()),
    };
  }

  /** Says once of each worker that its clock, or ours, seems to be wrong. */
  #tellDrift(change: Change): void {
    const worker = speakerOf(change);
    if (worker === null || !isDrifting(worker) || this.#drifting.has(worker)) return;
    this.#drifting.add(worker);
    this.#callbacks.onDrift?.(worker);
  }
}

function bound(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new ImproperlyConfigured(`${option} is ${value}: give a whole number from 1`);
}

/** The worker that an event came from. */
function speakerOf(change: Change): WorkerNode | null {
  if (change.group === "worker") return change.worker;
  return change.group === "task" && change.subject !== "sent" ? change.task.worker : null;
}
