/**
 * Where one waits for what several others bring.
 *
 * @module
 */

/** What has been brought, until it is taken. */
export interface Inbox<Item> {
  readonly put: (item: Item) => void;
  /** Whoever takes next, after all that was put, gets this error. */
  readonly fail: (error: unknown) => void;
  /** Whoever takes goes on, with nothing. */
  readonly wake: () => void;
  /** Takes all there is; waits for something when there is nothing. */
  readonly take: () => Promise<readonly Item[]>;
}

/** Opens an empty one. */
export function openInbox<Item>(): Inbox<Item> {
  let items: Item[] = [];
  let failure: { readonly error: unknown } | undefined;
  let isAwake = false;
  let ring: (() => void) | undefined;

  function wake(): void {
    isAwake = true;
    ring?.();
  }

  return {
    wake,

    put(item) {
      items.push(item);
      wake();
    },

    fail(error) {
      failure ??= { error };
      wake();
    },

    async take() {
      if (!isAwake) await new Promise<void>((resolve) => (ring = resolve));
      const taken = items;
      items = [];
      isAwake = failure !== undefined;
      if (taken.length === 0 && failure !== undefined) throw failure.error;
      return taken;
    },
  };
}
