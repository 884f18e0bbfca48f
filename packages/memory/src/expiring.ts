/**
 * A map whose entries end after a time, as the keys of a store do.
 *
 * @module
 */

/** Values under names, each for as long as it was kept. */
export interface ExpiringMap<Value> {
  get(key: string): Value | undefined;
  /** Keeps a value for so many seconds, or for ever. */
  set(key: string, value: Value, seconds?: number): void;
  /** Keeps a value for at least so many seconds: as long as any value before it under this key was to be kept. */
  keep(key: string, value: Value, seconds: number): void;
  delete(key: string): void;
  /** All that have not ended. */
  entries(): readonly ExpiringEntry<Value>[];
}

/** A value, and until when it is kept: milliseconds since 1970. */
export interface ExpiringEntry<Value> {
  readonly key: string;
  readonly value: Value;
  readonly until: number;
}

/** Creates an empty map; `now` is a clock in milliseconds. */
export function expiringMap<Value>(now: () => number): ExpiringMap<Value> {
  const entries = new Map<string, { readonly value: Value; readonly until: number }>();

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (now() < entry.until) return entry.value;
      entries.delete(key);
      return undefined;
    },

    set(key, value, seconds = Number.POSITIVE_INFINITY) {
      entries.set(key, { value, until: now() + seconds * 1000 });
    },

    keep(key, value, seconds) {
      entries.set(key, { value, until: Math.max(entries.get(key)?.until ?? 0, now() + seconds * 1000) });
    },

    delete(key) {
      entries.delete(key);
    },

    entries() {
      const instant = now();
      for (const [key, { until }] of entries) if (until <= instant) entries.delete(key);
      return Array.from(entries, ([key, entry]) => ({ key, ...entry }));
    },
  };
}
