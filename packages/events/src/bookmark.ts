/**
 * How far events were heard: those that are kept have a place each, those that come live have none, and many come both ways.
 *
 * A kept event and its live twin have the same text, and no two events have. So one that was heard before is known by its
 * text; and once the last kept event has been heard live, all before it have, and nothing older need be remembered.
 *
 * @module
 */

import type { KeptEvent } from "@umbel/protocol";

/** Live events after which the place is moved on: a question to the store for each so many. */
const marked = 100;

/** The same while the answer of the last question has not come by yet, which it does unless something was missed. */
const markedAnew = 50_000;

/** How far events were heard. */
export class Bookmark {
  /** Every kept event up to here was heard; undefined: none was. */
  place: string | undefined;
  /** Heard live, and perhaps kept behind the place. */
  readonly #live = new Set<string>();
  /** Heard from the past, so that their live twins are no news. */
  readonly #past = new Set<string>();
  #mark: KeptEvent | undefined;
  #unmarked = 0;

  constructor(place: string | undefined) {
    this.place = place;
  }

  /** An event comes live: whether it is new. */
  hear(text: string): boolean {
    if (this.#past.delete(text)) return false;
    this.#live.add(text);
    this.#unmarked += 1;
    if (this.#mark !== undefined && text === this.#mark.text) this.#move(this.#mark.id);
    return true;
  }

  /** The past is read from the place on. */
  beginReading(): void {
    this.#past.clear();
    this.#mark = undefined;
  }

  /** A kept event is read: whether it is new. */
  read({ id, text }: KeptEvent): boolean {
    this.place = id;
    this.#past.add(text);
    return !this.#live.has(text);
  }

  /** The past was read to its end, and nothing was heard live meanwhile. */
  endReading(): void {
    this.#live.clear();
    this.#unmarked = 0;
  }

  /** Whether it is time to {@link mark} where the kept events end. */
  get isMarkDue(): boolean {
    return this.#unmarked >= (this.#mark === undefined ? marked : markedAnew);
  }

  /** Takes the last of the kept events, which is the place from when it has been heard live. */
  mark(last: KeptEvent | undefined): void {
    this.#unmarked = 0;
    if (last === undefined) return;
    if (last.id === this.place || this.#live.has(last.text)) this.#move(last.id);
    else this.#mark = last;
  }

  #move(place: string): void {
    this.place = place;
    this.#mark = undefined;
    this.#live.clear();
  }
}
