/**
 * What whoever has sent a canvas knows of its calls.
 *
 * @module
 */

import type { Algebra, Call } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { keepsErrors } from "./kept-errors.ts";

/** A call as it was sent, or will be. */
export interface SentCall {
  readonly task: string;
  /** Nobody keeps its value. */
  readonly ignored: boolean;
  /** Nor how it ends: errors of ignored calls may be kept, and then it can be waited for. */
  readonly silent: boolean;
}

/** Finds a call of a canvas by its id; what the canvas links is not among them. */
export type SentCalls = (id: string) => SentCall | undefined;

/** A canvas as it was applied. */
interface Applied {
  readonly algebra: Algebra;
  readonly canvas: Signature;
  /** What was sent at once. */
  readonly calls: readonly Call[];
}

/** The calls of a canvas. They are looked at when the first of them is asked for: most never are. */
export function sentCalls(app: CallingApplication, { algebra, canvas, calls }: Applied): SentCalls {
  let found: ReadonlyMap<unknown, SentCall> | undefined;
  return (id) => (found ??= find()).get(id);

  function find(): ReadonlyMap<unknown, SentCall> {
    const now = new Set<unknown>(calls.map((each) => each.id));
    return new Map(
      algebra.tasksOf(canvas).map(({ task, options: { task_id: id, ignore_result: ignoring } }) => {
        const ignored = ignoring ?? isIgnored(task, now.has(id));
        return [id, { task, ignored, silent: ignored && !keepsErrors(app, task) }];
      }),
    );
  }

  /** What is sent later goes by the settings of whoever sends it; where the task is known here, they are taken for the same. */
  function isIgnored(name: string, isNow: boolean): boolean {
    const task = app.tasks.get(name);
    return task?.options.ignoreResult ?? ((isNow || task !== undefined) && app.conf.taskIgnoreResult);
  }
}
