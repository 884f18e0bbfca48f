/**
 * Why a module's text cannot be read, and where: runtimes tell it each in its own way.
 *
 * @module
 */

/** The reason with its place before it, `/shop/tasks.ts:2:18: Unexpected =`; undefined for an error that is none of syntax. */
export function unreadable(thrown: unknown): string | undefined {
  return toldByBun(thrown) ?? toldByDeno(thrown) ?? toldByNode(thrown);
}

/** Bun's error has a place; several of them are in one. */
function toldByBun(thrown: unknown): string | undefined {
  const { errors }: { readonly errors?: unknown } = Object(thrown);
  const first: unknown = Array.isArray(errors) ? errors[0] : thrown;
  const { message, position }: { readonly message?: unknown; readonly position?: unknown } = Object(first);
  const { file, line, column }: { readonly [Part in "file" | "line" | "column"]?: unknown } = Object(position);
  if (typeof message !== "string" || typeof file !== "string" || file === "") return undefined;
  return `${file}:${String(line)}:${String(column)}: ${message}`;
}

/** Deno's message begins with the reason, shows the line, and ends with the place. */
function toldByDeno(thrown: unknown): string | undefined {
  const text = thrown instanceof Error ? thrown.message : "";
  const [, reason, place] = /^SyntaxError: (.+)\n[^]*\n +at (\S+:\d+:\d+)$/.exec(text.trimEnd()) ?? [];
  return reason === undefined || place === undefined ? undefined : `${pathOf(place)}: ${reason}`;
}

/**
 * Node's stack begins with the place and shows lines with a mark below; only for TypeScript does it tell us. There is no mark
 * where the text ends too early.
 */
function toldByNode(thrown: unknown): string | undefined {
  if (!(thrown instanceof SyntaxError)) return undefined;
  const stack = thrown.stack ?? "";
  const [, place] = /^((?:file:|\/|[A-Za-z]:[/\\]).*:\d+)\n/.exec(stack) ?? [];
  const [, before] = /^\S.*:\d+\n(?:.*\n){1,9}?( *)\^/.exec(stack) ?? [];
  if (place === undefined) return undefined;
  return `${pathOf(place)}:${before === undefined ? "" : `${before.length + 1}:`} ${thrown.message}`;
}

function pathOf(place: string): string {
  return place.replace(/^file:\/\//, "");
}
