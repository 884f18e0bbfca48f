/**
 * Options that tasks share: a task's `base`, and the setting `taskBase` for all of them.
 *
 * The nearer one wins, as a subclass does in Celery: a task's own option, then its bases in their order, then `taskBase`.
 * Of a hook, too, one is called and not both.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import { givenIn } from "./given.ts";
import { checkNames } from "./known-names.ts";
import { sharedNames } from "./option-kinds.ts";
import { retryInParts } from "./retry.ts";
import type { TaskOptions } from "./task-options.ts";

/** What tasks may share: every option but those that say what a task is called, and how. */
export type TaskBase = Partial<Omit<TaskOptions, "name" | "params">>;

/** The base of a task: one, or several, of which the first wins. */
export type TaskBases = TaskBase | readonly TaskBase[];

/** A task's own options, and below them those of its bases. Throws `ImproperlyConfigured` for what no base can have. */
export function inherit<Options extends TaskBase>(own: Options, bases: TaskBases, owner: string): Options {
  const list: readonly TaskBase[] = [bases].flat();
  for (const each of list) checkShared(each, `option of the base of ${owner}`);
  const merged: Partial<Options> = {};
  for (const each of [...list.toReversed(), own]) Object.assign(merged, retryInParts(givenIn(each)));
  // The policy is in parts now: given as a whole as well, it would be given twice.
  return { ...own, retry: undefined, ...merged };
}

/** Throws `ImproperlyConfigured` for what is no set of options, or has one that cannot be shared. */
export function checkShared(given: unknown, what: string): void {
  if (typeof given !== "object" || given === null) {
    throw new ImproperlyConfigured(`${what.replace("option of ", "")} is ${String(given)}: give an object of options`);
  }
  const own = ownNames.find((name) => name in given);
  if (own !== undefined) throw new ImproperlyConfigured(`"${own}" is one task's own: it is no ${what}`);
  checkNames(given, sharedNames, what);
}

/** What says what a task is called, and how. */
const ownNames = ["name", "bind", "args", "kwargs", "params", "base"];
