/**
 * How long somebody waits: until the time is over, or until the caller's own signal aborts.
 *
 * @module
 */

import { type Duration, secondsOf } from "@umbel/protocol";
import type { ResultSource } from "./result-source.ts";

/** A wait that has begun. */
export interface WaitTime {
  /** Aborts when it ends, for either reason. */
  readonly signal: AbortSignal;
  readonly seconds: number;
  /** Whether something ended because the time is over. */
  readonly isOver: (reason: unknown) => boolean;
  /** Takes the timer away; resolves once it is gone. */
  readonly stop: () => Promise<void>;
}

/** Starts the time of a wait: the setting `resultTimeout` when the caller does not say. */
export function startWait(
  { conf, platform }: ResultSource,
  { timeout, signal }: { readonly timeout?: Duration; readonly signal?: AbortSignal },
): WaitTime {
  const expired = new AbortController();
  const timer = new AbortController();
  const seconds = secondsOf(timeout ?? conf.resultTimeout);
  const ending = platform.sleep(seconds, timer.signal).then(
    () => expired.abort(),
    () => undefined,
  );
  return {
    signal: AbortSignal.any(signal === undefined ? [expired.signal] : [expired.signal, signal]),
    seconds,
    isOver: (reason) => expired.signal.aborted && reason === expired.signal.reason,
    async stop() {
      timer.abort();
      await ending;
    },
  };
}
