/**
 * How long somebody waits: until the time is over, or until the caller's own signal aborts.
 *
 * @module
 */

import { type Duration, secondsOf } from "@umbel/protocol";
import { checkKind, duration } from "./kinds.ts";
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

/**
 * Starts the time of a wait: the setting `resultTimeout` when the caller does not say. Throws `ImproperlyConfigured` for what
 * is no length of time.
 */
export function startWait(
  { conf, platform }: ResultSource,
  { timeout, signal }: { readonly timeout?: Duration; readonly signal?: AbortSignal },
): WaitTime {
  const expired = new AbortController();
  const timer = new AbortController();
  const given = timeout ?? conf.resultTimeout;
  const seconds = secondsOf(given);
  checkKind("timeout", duration, given);
  let isExpired = false;
  const ending = platform.sleep(seconds, timer.signal).then(expire, giveUp);
  return {
    signal: AbortSignal.any(signal === undefined ? [expired.signal] : [expired.signal, signal]),
    seconds,
    isOver: (reason) => isExpired && reason === expired.signal.reason,
    async stop() {
      timer.abort();
      await ending;
    },
  };
  function expire(): void {
    isExpired = true;
    expired.abort();
  }

  /** A clock that tells no time any more ends the wait for its own reason. */
  function giveUp(reason: unknown): void {
    if (!timer.signal.aborted) expired.abort(reason);
  }
}
