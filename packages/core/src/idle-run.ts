/**
 * A task's run of which no attempt is made here: it is called on the spot, or has ended without being run.
 *
 * @module
 */

import { ValueError } from "@umbel/protocol";
import type { CallingApplication, RegisteredTask } from "./application.ts";
import { type Binding, bindTask } from "./bind-task.ts";
import type { Decided } from "./control-flow.ts";
import type { Run } from "./hooks.ts";
import type { TaskRequest } from "./request.ts";
import { createScope } from "./scope.ts";

/** What an idle run is of. */
export interface Idle {
  readonly task: RegisteredTask;
  readonly request: TaskRequest;
  /** Aborts when whoever calls is to stop; never when absent. */
  readonly signal?: AbortSignal;
  /** What the body decides; nobody acts on it when absent. */
  readonly decided?: Decided;
}

/** Makes one: nobody takes it away, and no reader sees what it shows. */
export function idleRun(app: CallingApplication, { task, request, signal = never(), decided = {} }: Idle): Run {
  const scope = createScope(request);
  const bound = bindTask(app, { work: { task, request }, scope, signal, decided, show: toNobody, ...inNoCanvas });
  return { task, bound, scope };
}

/** Anything may take the place of what has none. */
const inNoCanvas: Pick<Binding, "checkReplacement" | "addToChord"> = {
  checkReplacement: () => undefined,
  addToChord: async () => await Promise.reject(new ValueError("A task that is called on the spot is in no chord")),
};

function never(): AbortSignal {
  return new AbortController().signal;
}

/** What is not stored has no readers. */
async function toNobody(): Promise<boolean> {
  return await Promise.resolve(false);
}
