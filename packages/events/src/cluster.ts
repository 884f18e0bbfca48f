/**
 * The memory of a state: its tasks and workers, within their bounds.
 *
 * @module
 */

import { LamportClock } from "./lamport-clock.ts";
import { RecentMap } from "./recent-map.ts";
import { TaskIndex } from "./task-index.ts";
import { type Family, TaskModel } from "./task.ts";
import { WorkerModel } from "./worker-node.ts";

/** How much is kept, and the time in Unix seconds. */
export interface ClusterOptions {
  readonly maxTasks: number;
  readonly maxWorkers: number;
  readonly now: () => number;
}

/** What is kept of a cluster. */
export class Cluster {
  readonly clock: LamportClock = new LamportClock();
  readonly tasks: RecentMap<TaskModel>;
  readonly workers: RecentMap<WorkerModel>;
  /** Names of tasks, which outlive the tasks. */
  readonly types: RecentMap<string>;
  readonly index: TaskIndex = new TaskIndex();
  readonly now: () => number;
  readonly #family: Family;

  constructor({ maxTasks, maxWorkers, now }: ClusterOptions) {
    this.tasks = new RecentMap(maxTasks);
    this.workers = new RecentMap(maxWorkers);
    this.types = new RecentMap(maxTasks);
    this.now = now;
    this.#family = {
      task: (uuid) => this.tasks.entries.get(uuid),
      childrenOf: (uuid) => [...this.index.find("parentId", uuid)],
    };
  }

  newTask(uuid: string): TaskModel {
    return new TaskModel(uuid, this.#family);
  }

  newWorker(hostname: string): WorkerModel {
    return new WorkerModel(hostname, this.now);
  }

  /** Keeps a task that is not kept yet. */
  keepTask(task: TaskModel): void {
    const gone = this.tasks.add(task.uuid, task);
    if (gone) this.index.remove(gone);
  }

  /**
   * Files a task under what it is now. Families stay trees: who would come to stand above itself keeps the parent it had.
   * Celery's retry of a task without a parent names the task itself (celery-wire.md 7), and a task that was replaced comes
   * back as the child of its own child.
   */
  file(task: TaskModel): void {
    const { parentId, filed } = task;
    if (parentId !== null && parentId !== filed.parentId && this.#isAbove(task, parentId)) {
      task.parentId = filed.parentId;
    }
    this.index.file(task);
  }

  /** Files a task anew after an event has changed it. Its parent is in use as long as it is. */
  refile(task: TaskModel): void {
    this.file(task);
    if (task.name !== null && !this.types.entries.has(task.name)) this.types.add(task.name, task.name);
    if (task.parentId !== null) this.tasks.use(task.parentId);
  }

  forgetTask(task: TaskModel): void {
    this.tasks.delete(task.uuid);
    this.index.remove(task);
  }

  /** Whether a task is another, or among its ancestors. */
  #isAbove(task: TaskModel, uuid: string): boolean {
    if (task.uuid === uuid) return true;
    if (this.index.find("parentId", task.uuid).size === 0) return false;
    let below: TaskModel | undefined = this.tasks.entries.get(uuid);
    while (below && below !== task)
      below = below.parentId === null ? undefined : this.tasks.entries.get(below.parentId);
    return below === task;
  }
}
