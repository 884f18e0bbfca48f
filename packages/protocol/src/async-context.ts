/**
 * What follows a call through whatever it awaits: AsyncLocalStorage, where the runtime has it.
 *
 * Node, Bun, Deno, workerd and Vercel Edge do.
 *
 * @module
 */

/**
 * The class. A global one on Vercel Edge; elsewhere a built-in module's, which needs no import that a bundler would have
 * to resolve. Undefined where there is none.
 */
export function asyncLocalStorage(): unknown {
  return property(globalThis, "AsyncLocalStorage") ?? property(asyncHooks(), "AsyncLocalStorage");
}

function asyncHooks(): unknown {
  const runtime = property(globalThis, "process");
  const getBuiltinModule = property(runtime, "getBuiltinModule");
  return typeof getBuiltinModule === "function" ? getBuiltinModule.call(runtime, "node:async_hooks") : undefined;
}

function property(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
}
