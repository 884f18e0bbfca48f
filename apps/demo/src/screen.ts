/**
 * Where the starter writes: log lines of the parts, prefixed, and under them a table that is drawn anew in place.
 *
 * On anything but a terminal there is no place to draw in: there the table's short form is one more line, now and then.
 *
 * @module
 */

import { styleText } from "node:util";

/** Who says a line. */
export type Speaker = "gateway" | "worker" | "web" | "beat" | "site" | "demo";

/** A table in both its forms. */
export interface LiveTable {
  readonly lines: readonly string[];
  /** The same in one line. */
  readonly short: string;
}

/** Takes what is to be seen. */
export interface Screen {
  /** A line of a part's. */
  log(speaker: Speaker, line: string): void;
  /** Lines of the starter's own, as they are. */
  say(...lines: readonly string[]): void;
  /** Shows a table in place of the one before, until {@link settle}. */
  show(table: LiveTable): void;
  /** Leaves the table as it stands. */
  settle(): void;
}

/** The part of a stream that is written to. */
export type Output = Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };

const colours = {
  gateway: "magenta",
  worker: "green",
  web: "cyan",
  beat: "yellow",
  site: "blue",
  demo: "white",
} as const;
const widest = 7;
/** Longest line where the width is not known. */
const longest = 300;
/** Of a terminal that says it has none: some that are not drawn anywhere do. */
const usual = 80;
/** Milliseconds between two short tables. */
const pause = 2000;

/** Opens a stream as a screen. `now` is in milliseconds. */
export function openScreen(output: Output, options: { readonly colour: boolean; readonly now?: () => number }): Screen {
  return output.isTTY === true ? terminal(output, options.colour) : plain(output, options.now ?? Date.now);
}

function terminal(output: Output, colour: boolean): Screen {
  let drawn: readonly string[] = [];
  const cut = (line: string) => clip(line, widthOf(output) - 1);

  /** Replaces the table by lines that stay, and the table below them. */
  function write(lines: readonly string[], table: readonly string[]): void {
    const up = drawn.length === 0 ? "" : `\u001B[${drawn.length}A\u001B[J`;
    drawn = table;
    output.write(up + [...lines, ...drawn].map((line) => `${line}\n`).join(""));
  }

  return {
    log(speaker, text) {
      const line = cut(prefixed(speaker, shorten(text)));
      write([colour ? paint(speaker, line) : line], drawn);
    },
    say: (...lines) => write(lines, drawn),
    show: (table) => write([], table.lines.map(cut)),
    settle: () => void (drawn = []),
  };
}

function widthOf({ columns = longest }: Output): number {
  return columns === 0 ? usual : columns;
}

function plain(output: Output, now: () => number): Screen {
  let last = { at: -pause, text: "" };
  const write = (line: string) => void output.write(`${line}\n`);
  return {
    log: (speaker, line) => write(clip(prefixed(speaker, line), longest)),
    say: (...lines) => lines.forEach(write),
    show(table) {
      if (table.short === last.text || now() - last.at < pause) return;
      last = { at: now(), text: table.short };
      write(prefixed("demo", table.short));
    },
    settle: () => undefined,
  };
}

/** A terminal is narrow: there a worker's line has no date and only the first eight digits of an id. */
function shorten(line: string): string {
  return line
    .replace(/^\[[\d-]+ [\d:,]+Z: /, "[")
    .replace(/^\[INFO\] /, "")
    .replace(/\b([\da-f]{8})(?:-[\da-f]{4}){3}-[\da-f]{12}\b/, "$1");
}

function prefixed(speaker: Speaker, line: string): string {
  return `${speaker.padEnd(widest)} | ${line}`;
}

/** Colours the speaker of a prefixed line. */
function paint(speaker: Speaker, line: string): string {
  return styleText(colours[speaker], line.slice(0, widest), { validateStream: false }) + line.slice(widest);
}

function clip(line: string, width: number): string {
  const room = Math.max(20, width);
  return line.length <= room ? line : `${line.slice(0, room - 1)}…`;
}
