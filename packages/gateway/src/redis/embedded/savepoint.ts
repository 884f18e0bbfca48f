/**
 * A part of a transaction that can be undone alone.
 *
 * @module
 */

import type { Database } from "../../store/database.ts";

/** Creates a function that runs work, and undoes what it wrote when it throws. Only inside `Database.write`; not nested. */
export function savepointIn(database: Database): <T>(work: () => T) => T {
  const begin = database.prepare("SAVEPOINT script");
  const undo = database.prepare("ROLLBACK TO script");
  const end = database.prepare("RELEASE script");

  return (work) => {
    begin.run();
    try {
      return work();
    } catch (error) {
      undo.run();
      throw error;
    } finally {
      end.run();
    }
  };
}
