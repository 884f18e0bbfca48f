/**
 * The calls that an application was told to send again and again: kept here, for whoever sends them.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { Logger } from "./log.ts";
import type { PeriodicOptions, When } from "./periodic-entry.ts";
import type { AnySignature } from "./signature.ts";

/** What `addPeriodicTask` was given. */
export interface AddedEntry {
  readonly schedule: When;
  readonly task: AnySignature;
  readonly options: PeriodicOptions;
}

/** Keeps entries by name until they are taken. */
export class PeriodicTasks {
  readonly #entries = new Map<string, AddedEntry>();
  #isTaken = false;

  /** Keeps one, and returns its name. An unnamed one replaces another that reads the same. Throws `ImproperlyConfigured`. */
  add(entry: AddedEntry, log: Logger): string {
    const { name } = entry.options;
    const key = name ?? entry.task.toString();
    const isThere = this.#entries.has(key);
    if (this.#isTaken || (isThere && name !== undefined)) {
      const why = isThere ? "there is one of that name already" : "beat has begun; schedules(app).upsert() adds to it";
      throw new ImproperlyConfigured(`The periodic task "${key}" cannot be added: ${why}`);
    }
    if (isThere) log.warning(`The periodic task "${key}" replaces another unnamed one: give each a name of its own`);
    this.#entries.set(key, entry);
    return key;
  }

  /** What was added. From now on nothing can be. */
  take(): ReadonlyMap<string, AddedEntry> {
    this.#isTaken = true;
    return this.#entries;
  }
}
