/**
 * A value that follows a call through whatever it awaits: AsyncLocalStorage, where the runtime has it.
 *
 * Node, Bun, Deno, workerd and Vercel Edge do.
 *
 * @module
 */

/** The two methods of AsyncLocalStorage that we use. */
export interface Context<Value> {
  /** Runs something so that {@link getStore} finds the value within it. */
  run<Result>(value: Value, body: () => Result): Result;
  getStore(): Value | undefined;
}

/** A global class on Vercel Edge; elsewhere a built-in module, which needs no import that a bundler would have to resolve. */
export function openContext<Value>(): Context<Value> | undefined {
  const found = property(globalThis, "AsyncLocalStorage") ?? property(asyncHooks(), "AsyncLocalStorage");
  return isContextClass<Value>(found) ? new found() : undefined;
}

function asyncHooks(): unknown {
  const runtime = property(globalThis, "process");
  const getBuiltinModule = property(runtime, "getBuiltinModule");
  return typeof getBuiltinModule === "function" ? getBuiltinModule.call(runtime, "node:async_hooks") : undefined;
}

function property(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
}

function isContextClass<Value>(found: unknown): found is new () => Context<Value> {
  return typeof found === "function";
}
