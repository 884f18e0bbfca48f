/**
 * An entry that is added at run time: all of it has to be data.
 *
 * @module
 */

import { prepareCall, type Umbel } from "@umbel/core";
import { ImproperlyConfigured, MissingSettingError, UmbelError } from "@umbel/protocol";
import type { Written } from "./entry-fields.ts";
import { readEntry } from "./read-entry.ts";
import type { EntrySpec } from "./record.ts";

/**
 * Reads an entry into the form in which it is kept, and tries its call out as far as that goes without sending it. Throws
 * `ImproperlyConfigured` for one that cannot be, or not be kept.
 */
export async function dynamicSpec(app: Umbel, name: string, written: Written): Promise<EntrySpec> {
  const { schedule, spec } = readEntry(app, name, written);
  const refuse = (field: string, why: string): never => {
    throw new ImproperlyConfigured(`${field} of the entry "${name}" ${why}: declare the entry in code`);
  };
  if (spec.lazy === true) refuse("args or kwargs", "is a function, and is not kept");
  if (schedule.toJSON() === undefined) refuse("schedule", `is ${String(schedule)}, which has no form to be kept in`);
  try {
    const { newId, now } = app.platform;
    await prepareCall(app, { wire: spec.task, id: newId(), at: now(), isDue: true });
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    throw new ImproperlyConfigured(`task of the entry "${name}" cannot be sent: ${cause.message}`, { cause });
  }
  return spec;
}

/** Not what passes, nor what this process lacks. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof UmbelError) return !error.transient && !(error instanceof MissingSettingError);
  return error instanceof TypeError;
}
