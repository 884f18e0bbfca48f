/**
 * The task that is running where a call is made, so that the call becomes its child.
 *
 * The bound task carries its scope everywhere. A plain `other.delay()` finds it by AsyncLocalStorage where the runtime
 * has one (Node, Bun, Deno, workerd, Vercel Edge); where it has none such a call is a root (delivery.md 2).
 *
 * @module
 */

import { attemptNumber, type ResultTuple } from "@umbel/protocol";
import { openContext } from "./context.ts";
import { equalCalls } from "./equal-calls.ts";
import { childId } from "./identity.ts";
import type { TaskRequest } from "./request.ts";

/** One run of a task's body. */
export interface Scope {
  readonly request: TaskRequest;
  /** What the body has sent so far. */
  readonly children: ResultTuple[];
  /**
   * Id of a call made in this run, from what is called: the nth equal call has the same id in every run of the same
   * attempt, in whatever order the calls are made.
   */
  callId(called: string): string;
  /** Takes back the id of a call of which nobody knows whether it was sent: the next equal call has it again. */
  takeBack(id: string): void;
}

/** Opens the scope of one run. */
export function createScope(request: TaskRequest): Scope {
  const equal = equalCalls();
  const given = new Map<string, readonly [called: string, nth: number]>();
  const attempt = attemptNumber({ headers: request, properties: request.properties });
  return {
    request,
    children: [],
    callId(called) {
      const nth = equal.take(called);
      const id = childId(request.id, `${attempt}:${nth}:${called}`);
      given.set(id, [called, nth]);
      return id;
    },
    takeBack(id) {
      const [called, nth] = given.get(id) ?? [];
      if (called !== undefined && nth !== undefined && given.delete(id)) equal.giveBack(called, nth);
    },
  };
}

/** Runs a body so that {@link currentScope} finds its scope, where the runtime can. */
export async function runInScope<Result>(scope: Scope, body: () => Promise<Result>): Promise<Result> {
  if (storage !== undefined) return await storage.run(scope, body);
  blindRuns += 1;
  try {
    return await body();
  } finally {
    blindRuns -= 1;
  }
}

/** The scope of the task whose body is making this call. */
export function currentScope(): Scope | undefined {
  return storage?.getStore();
}

/** Whether a task may be running here although {@link currentScope} cannot tell. */
export function isScopeUnknown(): boolean {
  return blindRuns > 0;
}

let blindRuns = 0;
const storage = openContext<Scope>();
