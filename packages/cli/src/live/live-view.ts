/**
 * The live view: the whole terminal, drawn again when something has come, until it is left.
 *
 * @module
 */

import process from "node:process";
import { emitKeypressEvents, type Key } from "node:readline";
import type { Receiver } from "umbel/events";
import { lineOf } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import { pressed } from "./keys.ts";
import { screenOf } from "./screen.ts";
import { firstView, type Size, type View } from "./view.ts";

/** What it shows, and what its keys do. */
export interface Live {
  readonly receiver: Pick<Receiver, "state">;
  readonly terminal: Pick<Terminal, "paint">;
  /** Why nothing can be heard at the moment; undefined while all is. */
  readonly silence: () => string | undefined;
  /** Milliseconds between two drawings at most. */
  readonly interval: number;
  /** Revokes a task. */
  readonly revoke: (id: string, options: { readonly terminate: boolean }) => Promise<void>;
}

/** Shows it until `q` or Ctrl-C, or the signal aborts. Rejects when it cannot be drawn. The terminal is as it was before then. */
export async function showLive(live: Live, signal: AbortSignal): Promise<void> {
  const stage = new Stage(live);
  signal.addEventListener("abort", () => stage.close());
  if (!signal.aborted) await stage.open(live.interval);
}

/** The other screen of a terminal, without a cursor; and back. */
const enter = "\u001B[?1049h\u001B[?25l";
const leave = "\u001B[?25h\u001B[?1049l";

/** What is on the screen now. */
class Stage {
  readonly #live: Live;
  #view: View = firstView;
  /** Ends the view. */
  close: () => void = () => undefined;
  /** Ends it with an error. */
  #fail: (error: unknown) => void = () => undefined;

  constructor(live: Live) {
    this.#live = live;
  }

  /** Takes the terminal; resolves once it is given back. */
  async open(interval: number): Promise<void> {
    const { stdin, stdout } = process;
    const left = new Promise<void>((resolve, reject) => {
      this.close = resolve;
      this.#fail = reject;
    });
    const draw = (): void => this.#guarded(() => this.#draw());
    const onKey = (text: string | undefined, key: Key): void => this.#guarded(() => this.#press(text, key));
    emitKeypressEvents(stdin);
    stdin.setRawMode(true);
    stdin.on("keypress", onKey);
    stdout.on("resize", draw);
    const timer = setInterval(draw, interval);
    try {
      stdin.resume();
      stdout.write(enter);
      draw();
      await left;
    } finally {
      clearInterval(timer);
      stdout.off("resize", draw);
      stdin.off("keypress", onKey);
      stdin.setRawMode(false);
      stdin.pause();
      stdout.write(leave);
    }
  }

  /** What is thrown in answer to a key or a timer would end the process, and leave the terminal as it is. */
  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  #press(text: string = "", { name = text, ctrl = false }: Key): void {
    if (ctrl) {
      if (name === "c") this.close();
      return;
    }
    const { view, deed } = pressed({ name, text }, this.#view, {
      state: this.#live.receiver.state,
      size: sizeOf(process.stdout),
    });
    this.#view = view;
    if (deed === "quit") return this.close();
    if (deed !== undefined && view.selected !== undefined) void this.#revoke(view.selected, deed === "terminate");
    this.#draw();
  }

  async #revoke(id: string, terminate: boolean): Promise<void> {
    const done = terminate ? "revoked, and aborted within half a lease (30 s) if it runs" : "revoked";
    const note = await this.#live.revoke(id, { terminate }).then(
      () => `${id} is ${done}`,
      (error: unknown) => `${id} could not be revoked: ${lineOf(error)}`,
    );
    this.#view = { ...this.#view, note };
    this.#guarded(() => this.#draw());
  }

  /** Over what is there, so that nothing flickers. */
  #draw(): void {
    const { receiver, terminal, silence } = this.#live;
    const drawing = { ...sizeOf(process.stdout), paint: terminal.paint, silence: silence() };
    const lines = screenOf(receiver.state, this.#view, drawing);
    process.stdout.write(`\u001B[H${lines.map((line) => `${line}\u001B[K`).join("\r\n")}\u001B[J`);
  }
}

/** A terminal that does not know its size says 0. */
function sizeOf({ columns, rows }: Size): Size {
  return { columns: columns || 80, rows: rows || 24 };
}
