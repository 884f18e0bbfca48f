/**
 * Options whose values are read where they are written.
 *
 * @module
 */

import { Option } from "commander";

/** An option; its value is read by a function that is told which flag it is, for the error that it throws. */
export function optionOf(flags: string, what: string, read?: (flag: string, text: string) => unknown): Option {
  const option = new Option(flags, what);
  const flag = flags.split(/[ ,]/)[0] ?? flags;
  return read === undefined ? option : option.argParser((text) => read(flag, text));
}
