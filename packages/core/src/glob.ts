/**
 * Shell patterns, as Celery has them in routes, annotations and the names of nodes: Python's `fnmatch`.
 *
 * @module
 */

/** A regular expression's source, with the flag `u`, for what fits a whole text: `*`, `?`, `[ab]` and `[!ab]`. */
export function globSource(glob: string): string {
  const pieces = glob.matchAll(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g);
  const source = Array.from(pieces, ([piece, not, members]) => {
    if (members !== undefined) return `[${not === "!" ? "^" : ""}${members.replaceAll(/[\\\]^]/g, String.raw`\$&`)}]`;
    if (piece === "*") return String.raw`[\s\S]*`;
    return piece === "?" ? String.raw`[\s\S]` : piece.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  });
  return `^${source.join("")}$`;
}
