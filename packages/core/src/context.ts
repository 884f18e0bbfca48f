/**
 * A value that follows a call through whatever it awaits: AsyncLocalStorage, where the runtime has it.
 *
 * Node, Bun, Deno, workerd and Vercel Edge do.
 *
 * @module
 */

import { asyncLocalStorage } from "@umbel/protocol";

/** The two methods of AsyncLocalStorage that we use. */
export interface Context<Value> {
  /** Runs something so that {@link getStore} finds the value within it. */
  run<Result>(value: Value, body: () => Result): Result;
  getStore(): Value | undefined;
}

/** Undefined where the runtime has none. */
export function openContext<Value>(): Context<Value> | undefined {
  const found = asyncLocalStorage();
  return isContextClass<Value>(found) ? new found() : undefined;
}

function isContextClass<Value>(found: unknown): found is new () => Context<Value> {
  return typeof found === "function";
}
