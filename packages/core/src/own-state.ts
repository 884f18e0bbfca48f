/**
 * A state that a body sets itself: what can be one, and what may stand beside it (semantics 1.7).
 *
 * @module
 */

import { assertJson, failureOf, ImproperlyConfigured, isException } from "@umbel/protocol";
import type { StateUpdate } from "./bound-task.ts";

/**
 * The update as it is stored: an error as data. Throws `ImproperlyConfigured` for a name that is none of a state, for SUCCESS,
 * and for one of Celery's states of failure without an error; `EncodeError` for what is no JSON.
 */
export function ownState({ state, meta = null }: StateUpdate): Required<StateUpdate> {
  if (!/^[A-Z][A-Z0-9_-]*$/.test(state)) {
    throw new ImproperlyConfigured(
      `updateState: ${JSON.stringify(state)} is no state: write it in capitals, "SENDING"`,
    );
  }
  if (state === "SUCCESS") {
    throw new ImproperlyConfigured(
      "updateState: SUCCESS is what the body returns, once it is stored: return the value",
    );
  }
  const shown = meta instanceof Error ? failureOf(meta) : meta;
  if (isException(state) && !isFailure(shown)) {
    throw new ImproperlyConfigured(`updateState: readers take what stands beside ${state} for an error: give it one`);
  }
  assertJson(shown, "meta");
  return { state, meta: shown };
}

/** Celery's form of an exception. */
function isFailure(value: unknown): boolean {
  return typeof value === "object" && value !== null && "exc_type" in value && "exc_message" in value;
}
