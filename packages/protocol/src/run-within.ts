/**
 * Lets something run in a context other than its caller's, so that a request's trace tells of that request only.
 *
 * @module
 */

import { asyncLocalStorage } from "./async-context.ts";

/** Runs something in the context that was there when this was made. */
export type RunWithin = <Result>(act: () => Result) => Result;

const storage = asyncLocalStorage();

/** The context of whoever calls this; none where the runtime has none. */
export function snapshot(): RunWithin {
  return hasSnapshots(storage) ? storage.snapshot() : (act) => act();
}

/** The context in which the program was loaded, which is that of no request. */
export const outsideOfRequests: RunWithin = snapshot();

function hasSnapshots(found: unknown): found is { snapshot(): RunWithin } {
  return typeof found === "function" && "snapshot" in found;
}
