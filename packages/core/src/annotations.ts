/**
 * Options of tasks from outside: the settings `taskBase`, below what a task says itself, and `taskAnnotations`, above it
 * (delivery.md 22). They are read where a task's options are, so that it does not matter which was written first.
 *
 * @module
 */

import type { CallingApplication } from "./application.ts";
import { checkShared, inherit, type TaskBase, type TaskBases } from "./base.ts";
import { retryInParts, type RetryPolicy, retryPolicy } from "./retry.ts";
import { matches } from "./route.ts";
import type { TaskOptions } from "./task-options.ts";

/**
 * Options by a task's name, by globs, or by `"*"`; or a function of the task. In a record the exact name wins over globs,
 * and a later glob over an earlier; in a list the later annotation wins over the earlier.
 */
export type Annotation = Readonly<Record<string, TaskBase>> | ((task: TaskOptions) => TaskBase | undefined);

/** What is in the setting `taskAnnotations`: one, or several. */
export type Annotations = Annotation | readonly Annotation[];

/** A task's options, and what follows from them. */
export interface Effective {
  readonly options: TaskOptions;
  readonly policy: RetryPolicy;
}

/**
 * Reads a task's options as the settings leave them; they are worked out anew only when the settings change.
 * What it returns throws `ImproperlyConfigured` for options that do not exist or make no sense; `check` says which do.
 */
export function effective(
  app: CallingApplication,
  own: TaskOptions,
  check: (options: TaskOptions) => void,
): () => Effective {
  let seen: readonly unknown[] = [];
  let now: Effective | undefined;
  return () => {
    const { taskBase, taskAnnotations } = app.conf;
    if (now !== undefined && seen[0] === taskBase && seen[1] === taskAnnotations) return now;
    const options = annotate(inherit(own, taskBase, "all tasks"), taskAnnotations);
    check(options);
    seen = [taskBase, taskAnnotations];
    now = { options, policy: retryPolicy(options) };
    return now;
  };
}

/** Throws `ImproperlyConfigured` for an option that is none, as far as it can be told before a task is asked for. */
export function checkAnnotations({ taskBase, taskAnnotations }: AnnotationSettings): void {
  for (const each of [taskBase].flat()) checkShared(each, "option of taskBase");
  for (const each of [taskAnnotations].flat().filter((one) => typeof one !== "function")) {
    for (const [name, options] of Object.entries(each)) checkShared(options, `option of taskAnnotations["${name}"]`);
  }
}

/** The settings that change tasks. */
export interface AnnotationSettings {
  readonly taskBase: TaskBases;
  readonly taskAnnotations: Annotations;
}

function annotate(own: TaskOptions, annotations: Annotations): TaskOptions {
  const options = { ...own };
  for (const each of [annotations].flat()) {
    const found = typeof each === "function" ? [each(options) ?? {}] : annotationsFor(own.name, each);
    for (const one of found) {
      checkShared(one, `option of an annotation of ${own.name}`);
      Object.assign(options, retryInParts(one));
    }
  }
  return options;
}

function annotationsFor(name: string, map: Readonly<Record<string, TaskBase>>): readonly TaskBase[] {
  const byGlob = Object.entries(map).filter(([key]) => key !== name && key.includes("*") && matches(key, name));
  const exact = Object.hasOwn(map, name) ? map[name] : undefined;
  return [...byGlob.map(([, options]) => options), ...(exact === undefined ? [] : [exact])];
}
