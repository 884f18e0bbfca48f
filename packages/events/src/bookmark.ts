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

/** Live events after which an answer that has not come by never will, or is long in coming: then the past is read. */
const overdue = 5_000;

/** How far events were heard. */
export class Bookmark {
  /** Every kept event up to here was heard; undefined: none was. */
  place: string | undefined;
  /** Heard live, and perhaps kept behind the place. */
  readonly #live = new Set<string>();
  /** Heard from the past, so that their live twins are no news; oldest first. */
  readonly #past = new Set<string>();
  #mark: KeptEvent | undefined;
  #unmarked = 0;

  constructor(place: string | undefined) {
    this.place = place;
  }

  /** An event comes live: whether it is new. */
  hear(text: string): boolean {
    if (this.#past.has(text)) return this.#hearTwin(text);
    this.#live.add(text);
    this.#unmarked += 1;
    if (this.#mark !== undefined && text === this.#mark.text) this.#move(this.#mark.id);
    return true;
  }

  /** A subscription begins: what another one had on its way is lost. */
  subscribe(): void {
    this.#past.clear();
    this.#mark = undefined;
  }

  /** A kept event is read, in their order from the place on: whether it is new. */
  read({ id, text }: KeptEvent): boolean {
    this.place = id;
    if (this.#live.has(text)) return false;
    this.#past.add(text);
    return true;
  }

  /** The past was read to its end, and nothing was heard live meanwhile. */
  endReading(): void {
    // A mark that was not among what was read is older than where we began: nothing was kept since.
    this.place ??= this.#mark?.id;
    this.#mark = undefined;
    this.#live.clear();
    this.#unmarked = 0;
  }

  /** Whether it is time to {@link mark} where the kept events end. */
  get isMarkDue(): boolean {
    return this.#mark === undefined && this.#unmarked >= marked;
  }

  /** Whether the mark is so long in coming that the past is to be read: so what is remembered has a bound. */
  get isReadingDue(): boolean {
    return this.#unmarked >= overdue;
  }

  /** How many texts are remembered. */
  get remembered(): number {
    return this.#live.size + this.#past.size;
  }

  /**
   * Takes the last of the kept events, which is the place from when it has been heard live. It was asked for after all that was
   * heard until now: where it is the place, or there is none, nothing of that was kept behind the place.
   */
  mark(last: KeptEvent | undefined): void {
    this.#unmarked = 0;
    if (last === undefined || last.id === this.place) this.#live.clear();
    else if (this.#live.has(last.text)) this.#move(last.id);
    else this.#mark = last;
  }

  /** Events come live in the order in which they are kept: what was read before this one has come, or never will. */
  #hearTwin(text: string): false {
    for (const each of this.#past) {
      this.#past.delete(each);
      if (each === text) break;
    }
    return false;
  }

  /** A kept event behind all that was read has been heard live. */
  #move(place: string): void {
    this.place = place;
    this.#mark = undefined;
    this.#live.clear();
    this.#past.clear();
  }
}
