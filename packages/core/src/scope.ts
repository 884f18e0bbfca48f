/**
 * The task that is running where a call is made, so that the call becomes its child.
 *
 * The bound task carries its scope everywhere. A plain `other.delay()` finds it by AsyncLocalStorage where the runtime
 * has one (Node, Bun, Deno, workerd, Vercel Edge); where it has none such a call is a root (delivery.md 2).
 *
 * @module
 */

import type { ResultTuple } from "@umbel/protocol";
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
}

/** Opens the scope of one run. */
export function createScope(request: TaskRequest): Scope {
  const counts = new Map<string, number>();
  return {
    request,
    children: [],
    callId(called) {
      const nth = counts.get(called) ?? 0;
      counts.set(called, nth + 1);
      return childId(request.id, `${request.retries}:${nth}:${called}`);
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

/** The two methods of AsyncLocalStorage that we use. */
interface Storage {
  run<Result>(scope: Scope, body: () => Result): Result;
  getStore(): Scope | undefined;
}

let blindRuns = 0;
const storage = openStorage();

/** A global class on Vercel Edge; elsewhere a built-in module, which needs no import that a bundler would have to resolve. */
function openStorage(): Storage | undefined {
  const found = property(globalThis, "AsyncLocalStorage") ?? property(asyncHooks(), "AsyncLocalStorage");
  return isStorageClass(found) ? new found() : undefined;
}

function asyncHooks(): unknown {
  const runtime = property(globalThis, "process");
  const getBuiltinModule = property(runtime, "getBuiltinModule");
  return typeof getBuiltinModule === "function" ? getBuiltinModule.call(runtime, "node:async_hooks") : undefined;
}

function property(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
}

function isStorageClass(found: unknown): found is new () => Storage {
  return typeof found === "function";
}
