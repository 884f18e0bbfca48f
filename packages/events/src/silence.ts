/**
 * An end for whoever waits for the next one in vain.
 *
 * @module
 */

/** How long silence may last, and what ends the source then. */
export interface Patience {
  /** Seconds for which nothing may come; undefined: for ever. */
  readonly seconds: number | undefined;
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** What the source ends by. */
  readonly over: AbortController;
}

/** Yields what a source yields, until that ends or nothing has come for too long. The time that is spent on one does not count. */
export async function* untilSilent<Item>(
  source: AsyncGenerator<Item, void>,
  { seconds, sleep, over }: Patience,
): AsyncGenerator<Item, void> {
  if (seconds === undefined) return yield* source;
  try {
    for (;;) {
      const heard = new AbortController();
      const silence = sleep(seconds, heard.signal).then(
        () => over.abort(),
        () => undefined,
      );
      const next = await source.next().finally(() => heard.abort());
      await silence;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await source.return();
  }
}
