/**
 * The logical clock by which the events of many machines are put in order (Lamport; celery-wire.md 10).
 *
 * @module
 */

/** Counts up with each event that is sent or received, and is never behind a clock that it has heard of. */
export class LamportClock {
  #value: number;

  constructor(value = 0) {
    this.#value = value;
  }

  /** What it says, without moving on. */
  get value(): number {
    return this.#value;
  }

  /** Moves on by one: for an event that is about to be sent, or came without a clock. */
  forward(): number {
    this.#value += 1;
    return this.#value;
  }

  /** Moves past a clock that was heard of. */
  adjust(other: number): number {
    this.#value = Math.max(this.#value, other) + 1;
    return this.#value;
  }
}
