/**
 * A failure as data: what Celery stores for an exception, and what travels to errbacks.
 *
 * A class is never looked up by a name that came over the wire.
 *
 * @module
 */

/** An exception as Celery's JSON stores it (celery-wire.md 6.2). */
export interface FailureData {
  /** Class name: Celery's where it has one (`NotRegistered`), else `error.name`. */
  readonly exc_type: string;
  /** The constructor's arguments; a text for one argument is still a list of one when we write it. */
  readonly exc_message: unknown;
  /** Python module of the class, `null` when there is none. */
  readonly exc_module: string | null;
}
