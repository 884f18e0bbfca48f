/**
 * Rows under headings, each column as wide as its longest cell.
 *
 * @module
 */

import type { Style, Terminal } from "./terminal.ts";

/** A cell; it may look like something. */
export type Cell = string | { readonly text: string; readonly style: Style };

/** The lines of a table. Colours take no room in it. */
export function tableOf(
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
  paint: Terminal["paint"],
): readonly string[] {
  const head = headings.map((text): Cell => ({ text, style: "bold" }));
  const all = [head, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => textOf(row[column]).length)));
  return all.map((row) =>
    row
      .map((cell, column) => painted(cell, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );

  function painted(cell: Cell, width: number): string {
    const text = textOf(cell);
    const room = " ".repeat(width - text.length);
    return (typeof cell === "string" ? text : paint(cell.style, text)) + room;
  }
}

function textOf(cell: Cell = ""): string {
  return typeof cell === "string" ? cell : cell.text;
}
