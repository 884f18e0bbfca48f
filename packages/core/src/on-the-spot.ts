/**
 * Calls tasks and signatures like any function, here and now: no message, no state, no signals, no retries.
 *
 * @module
 */

import { type Algebra, chunksIn, chunksName, type Items, itemsIn } from "@umbel/canvas";
import { MaxRetriesExceededError, type Signature as WireSignature } from "@umbel/protocol";
import type { CallingApplication, RegisteredTask } from "./application.ts";
import { type Decided, Replaced, Retry } from "./control-flow.ts";
import { directRequest } from "./direct-request.ts";
import { idleRun } from "./idle-run.ts";
import { notRegistered } from "./not-registered.ts";
import { shownValue } from "./shown-value.ts";

/** Arguments of a call. */
export interface GivenHere {
  readonly args: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** Aborts when whoever calls is to stop. */
  readonly signal?: AbortSignal;
}

/** Runs a task. Throws what its body throws. */
export async function callTask(app: CallingApplication, task: RegisteredTask, given: GivenHere): Promise<unknown> {
  const { args, kwargs = {}, signal } = given;
  const request = { ...directRequest(task.name, args, app.platform.newId()), kwargs };
  const decided: Decided = {};
  const { bound } = idleRun(app, { task, request, decided, ...(signal && { signal }) });
  const accepted = await task.accept(args, kwargs);
  try {
    const value = await task.run(bound, accepted);
    return decided.verdict instanceof Replaced ? await callReplacement(decided.verdict) : value;
  } catch (error) {
    if (!(decided.verdict instanceof Replaced)) throw error;
    return await callReplacement(decided.verdict);
  }
}

async function callReplacement({ signature: { sender, wire } }: Replaced): Promise<unknown> {
  return await sender.callHere(wire);
}

/** Runs what a signature is of. Throws `NotRegistered` for a task that this application has not got, else what bodies throw. */
export async function callSignature(
  app: CallingApplication,
  wire: WireSignature,
  { evaluate }: Pick<Algebra, "evaluate">,
): Promise<unknown> {
  return await evaluate(wire, async (call) => {
    const items = itemsIn(call);
    if (items !== undefined) return await callItems(app, items);
    if (call.task === chunksName) return await callChunks(app, call);
    return await callTask(app, taskNamed(app, call.task), call);
  });
}

/**
 * Runs a task for each item in turn: the list of what it returns. Between two it stops if the signal has aborted, with its
 * reason. An item cannot be retried on its own: where it asks for that, what made it ask is thrown.
 */
export async function callItems(
  app: CallingApplication,
  { task: name, items, isSpread }: Items,
  signal?: AbortSignal,
): Promise<readonly unknown[]> {
  const task = taskNamed(app, name);
  const values: unknown[] = [];
  for (const item of items) {
    signal?.throwIfAborted();
    const args = isSpread ? argumentsIn(name, item) : [item];
    values.push((await callTask(app, task, { args, ...(signal && { signal }) }).catch(throwUnretried)) ?? null);
  }
  return values;
}

async function callChunks(app: CallingApplication, call: WireSignature): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  for (const items of chunksIn(call)) values.push(await callItems(app, items));
  return values;
}

function taskNamed(app: CallingApplication, name: string): RegisteredTask {
  const task = app.tasks.get(name);
  if (task === undefined) throw notRegistered(app, name);
  return task;
}

function argumentsIn(name: string, item: unknown): readonly unknown[] {
  if (Array.isArray(item)) return item;
  throw new TypeError(`A starmap of ${name} takes lists of arguments, and was given ${shownValue(item)}`);
}

function throwUnretried(error: unknown): never {
  if (!(error instanceof Retry)) throw error;
  throw error.cause ?? new MaxRetriesExceededError("An item of a map or starmap cannot be retried on its own");
}
