/**
 * What every schedule answers; an application may write its own.
 *
 * @module
 */

/**
 * A rule that says when. It keeps nothing and reads no clock: the same question has the same answer, wherever it is asked.
 *
 * A schedule that is kept in a store (an entry that was added at run time) has a form that `scheduleOf` reads back; one of an
 * application's own has none, and is declared in code.
 */
export interface Schedule {
  /**
   * The first instant later than `after`; undefined when there is none any more. `timezone` is an IANA name, UTC when absent.
   * Throws `ImproperlyConfigured` for a zone that is unknown.
   */
  next(after: Date, timezone?: string): Date | undefined;
  /** All instants later than `from` and not later than `to`, in order. As they are asked for: there may be very many. */
  between(from: Date, to: Date, timezone?: string): Iterable<Date>;
  /** The same schedule, counted from an instant: those that count from somewhere have it, an interval above all. */
  startingAt?(start: Date): Schedule;
  /** The form in which it is kept and compared; undefined where it has none. */
  toJSON(): unknown;
  /** As a person reads it: `crontab(30 7 * * 1)`, `every 30 seconds`. */
  toString(): string;
}
