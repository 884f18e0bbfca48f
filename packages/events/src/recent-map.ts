/**
 * A map with a bound.
 *
 * @module
 */

/** Keeps so many entries at most: the one that was least recently used goes first. */
export class RecentMap<Value> {
  /** From the least recently used on. Looking things up here is no use. */
  readonly entries: ReadonlyMap<string, Value>;
  readonly #entries = new Map<string, Value>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
    this.entries = this.#entries;
  }

  /** Looks an entry up, which makes it the most recently used one. */
  use(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Adds an entry that is not there yet; returns the one that had to go for it. */
  add(key: string, value: Value): Value | undefined {
    const oldest = this.#entries.size >= this.#most ? this.#takeOldest() : undefined;
    this.#entries.set(key, value);
    return oldest;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  #takeOldest(): Value | undefined {
    for (const [key, value] of this.#entries) {
      this.#entries.delete(key);
      return value;
    }
    return undefined;
  }
}
