/**
 * What `-A` names: a module, and perhaps which of its exports.
 *
 * @module
 */

/** A module as it was named. */
export interface ModuleAddress {
  /** A path, or a package. */
  readonly module: string;
  /** Name of the export; absent: it is to be found. */
  readonly name?: string;
}

/** Reads `MODULE` or `MODULE:EXPORT`. A drive's letter, and what begins an address, are no module. */
export function readAddress(text: string): ModuleAddress {
  const [, module, name] = /^(.{2,}):([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(text) ?? [];
  return module === undefined || name === undefined ? { module: text } : { module, name };
}
