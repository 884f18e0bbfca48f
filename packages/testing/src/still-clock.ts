/**
 * Ends the waits of a test whose clock nobody moves: they would last until the test runner's own time is over, and hold the
 * application for each test after that.
 *
 * @module
 */

/** What tells whether anything happens. */
export interface StillClockOptions {
  /** Changes with whatever happens in the kit: the clock moves, a call is made, a body comes back. */
  readonly sign: () => string;
  /** Whether a body waits for something outside of the kit, which may take its time. */
  readonly isBusy: () => boolean;
}

/** Waits for something; what is waited for ends when the signal aborts. */
export type WatchOver = (wait: (given: AbortSignal) => Promise<void>) => Promise<void>;

/** Looks without a sign of anything after which nothing will happen any more. */
const mostLooks = 4;

/** Real milliseconds from one look to the next. */
const pause = 750;

const stuck =
  "Nothing moves the clock of the test kit, and this waits for it: await kit.advance(60) or kit.settle() before get(), " +
  "or begin to wait and await that after them";

// Taken when this is loaded, so that a test that replaces timers leaves the kit its own.
const { setTimeout: start, clearTimeout: stop } = globalThis;

/** Watches over one wait; rejects it when nothing has happened for three real seconds. */
export function watchingStillness({ sign, isBusy }: StillClockOptions): WatchOver {
  return async (wait) => {
    const given = new AbortController();
    let looks = 0;
    let seen = sign();
    let timer = start(look, pause);
    try {
      await wait(given.signal);
    } finally {
      stop(timer);
    }

    function look(): void {
      const now = sign();
      looks = now === seen && !isBusy() ? looks + 1 : 0;
      seen = now;
      if (looks >= mostLooks) given.abort(new Error(stuck));
      else timer = start(look, pause);
    }
  };
}
