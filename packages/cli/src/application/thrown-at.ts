/**
 * Where a module that was being loaded has thrown: its user wants to know the line, and not the path through libraries.
 *
 * @module
 */

/** A frame of a stack, as V8 and JavaScriptCore write it: a file's address or path, line and column. */
const frame = /^ +at (?:.*\()?((?:file:\/\/|\/|[A-Za-z]:[/\\])[^()]+:\d+:\d+)\)?$/;

/**
 * The line of the module at `url` that led to it; of a module that it imports where itself did not run yet. Undefined where
 * the stack has none: then nothing of theirs was run.
 */
export function thrownAt(thrown: unknown, url: string): string | undefined {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  const places = stack.split("\n").flatMap((line) => frame.exec(line)?.[1] ?? []);
  // Below whoever has asked for the module all is ours.
  const end = places.findIndex((place) => place.includes("/application/load-module."));
  const theirs = places.slice(0, end === -1 ? undefined : end).map(pathOf);
  const own = theirs.find((place) => place.startsWith(`${pathOf(url)}:`));
  return own ?? theirs.find((place) => !/[/\\](?:node_modules|deno[/\\]npm)[/\\]/.test(place));
}

function pathOf(place: string): string {
  return place.startsWith("file://") ? decodeURI(place.slice("file://".length)) : place;
}
