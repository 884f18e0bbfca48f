/**
 * Examples under a command's help.
 *
 * @module
 */

/** The text for command lines without the program's own name. */
export function examplesOf(...lines: readonly string[]): string {
  return ["", "Examples:", ...lines.map((line) => `  umbel ${line}`)].join("\n");
}
