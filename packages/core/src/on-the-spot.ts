/**
 * Calls tasks and signatures like any function, here and now: no message, no state, no signals, no retries.
 *
 * @module
 */

import type { Algebra } from "@umbel/canvas";
import { NotRegistered, type Signature as WireSignature } from "@umbel/protocol";
import type { CallingApplication, RegisteredTask } from "./application.ts";
import { bindTask } from "./bind-task.ts";
import { directRequest } from "./direct-request.ts";
import { createScope } from "./scope.ts";

/** Arguments of a call. */
export interface GivenHere {
  readonly args: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** Aborts when whoever calls is to stop. */
  readonly signal?: AbortSignal;
}

/** Runs a task. Throws what its body throws. */
export async function callTask(app: CallingApplication, task: RegisteredTask, given: GivenHere): Promise<unknown> {
  const { args, kwargs = {}, signal = new AbortController().signal } = given;
  const request = { ...directRequest(task.name, args, app.platform.newId()), kwargs };
  const fence = { retries: 0, generation: 0, epoch: 0 };
  const work = { task, request, fence, signal };
  const bound = bindTask(app, { work, scope: createScope(request), signal, decided: {}, show: toNobody });
  return await task.run(bound, await task.accept(args, kwargs));
}

/** Runs what a signature is of. Throws `NotRegistered` for a task that this application has not got, else what bodies throw. */
export async function callSignature(
  app: CallingApplication,
  wire: WireSignature,
  { evaluate }: Pick<Algebra, "evaluate">,
): Promise<unknown> {
  return await evaluate(wire, async ({ task: name, args, kwargs }) => {
    const task = app.tasks.get(name);
    if (task === undefined) throw new NotRegistered(name);
    return await callTask(app, task, { args, kwargs });
  });
}

/** What is not stored has no readers. */
async function toNobody(): Promise<boolean> {
  return await Promise.resolve(false);
}
