/**
 * From one instant to the next.
 *
 * @module
 */

/** What `next` answers after `from`, then after that, and so on, none later than `to`. Asks for one when one is wanted. */
export function* walk(
  next: (after: Date) => Date | undefined,
  from: Date,
  to: Date,
): Generator<Date, undefined, undefined> {
  for (let at = next(from); at !== undefined && at.getTime() <= to.getTime(); at = next(at)) yield at;
}
