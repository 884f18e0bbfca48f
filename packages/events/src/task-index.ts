/**
 * Tasks by what they have in common, so that to ask for a few of many costs what the few cost.
 *
 * @module
 */

import type { Filing, TaskModel } from "./task.ts";

const none: ReadonlySet<TaskModel> = new Set();

/** Files tasks under their type, state, worker, parent and root. */
export class TaskIndex {
  readonly #drawers: Readonly<Record<keyof Filing, Map<string, Set<TaskModel>>>> = {
    name: new Map(),
    state: new Map(),
    worker: new Map(),
    parentId: new Map(),
    rootId: new Map(),
  };

  /** The tasks under a key, those first that were filed there first. */
  find(by: keyof Filing, key: string): ReadonlySet<TaskModel> {
    return this.#drawers[by].get(key) ?? none;
  }

  /** How many tasks there are under each key. */
  counts(by: keyof Filing): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#drawers[by], ([key, tasks]) => [key, tasks.size]));
  }

  /** Files a task under what it is now. */
  file(task: TaskModel): void {
    this.#move(task, "name", task.name);
    this.#move(task, "state", task.state);
    this.#move(task, "worker", task.worker?.hostname ?? null);
    this.#move(task, "parentId", task.parentId);
    this.#move(task, "rootId", task.rootId);
  }

  remove(task: TaskModel): void {
    for (const by of ["name", "state", "worker", "parentId", "rootId"] as const) this.#move(task, by, null);
  }

  #move(task: TaskModel, by: keyof Filing, key: string | null): void {
    const from = task.filed[by];
    if (from === key) return;
    const drawer = this.#drawers[by];
    if (from !== null) take(task, from, drawer);
    if (key !== null) put(task, key, drawer);
    task.filed[by] = key;
  }
}

function take(task: TaskModel, key: string, drawer: Map<string, Set<TaskModel>>): void {
  const tasks = drawer.get(key);
  tasks?.delete(task);
  if (tasks?.size === 0) drawer.delete(key);
}

function put(task: TaskModel, key: string, drawer: Map<string, Set<TaskModel>>): void {
  const tasks = drawer.get(key);
  if (tasks) tasks.add(task);
  else drawer.set(key, new Set([task]));
}
