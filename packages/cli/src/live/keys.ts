/**
 * What keys do in the live view.
 *
 * @module
 */

import type { State } from "umbel/events";
import { filtered, pageOf, type Question, roomOf, type Size, type View } from "./view.ts";

/** What is to be done beside showing something else. */
export type Deed = "quit" | "revoke" | "terminate";

/** What a key has led to. */
export interface Step {
  readonly view: View;
  readonly deed?: Deed;
}

/** What is there to choose from. */
export interface Choice {
  readonly state: State;
  readonly size: Size;
}

/** A key, by Node's name of it (`up`, `return`, `escape`; its text where it has none), and the text that it types. */
export interface Pressed {
  readonly name: string;
  readonly text: string;
}

/** What is chosen after a key: an answer to what is asked, or what the key stands for. */
export function pressed(key: Pressed, view: View, choice: Choice): Step {
  if (view.asked === "filter") return { view: filterAfter(key, view) };
  if (view.asked !== undefined) return answered(key, view, view.asked);
  const act = Object.hasOwn(actions, key.name) ? actions[key.name] : undefined;
  return act === undefined ? { view } : act(view, choice);
}

type Action = (view: View, choice: Choice) => Step;

const up: Action = (view, choice) => ({ view: moved(view, choice, -1) });
const down: Action = (view, choice) => ({ view: moved(view, choice, 1) });
const open: Action = (view, choice) => ({ view: { ...pointed(view, choice), isOpen: true } });
const close: Action = (view) => ({ view: view.isOpen ? { ...view, isOpen: false } : { ...view, filter: "" } });

const actions: Readonly<Record<string, Action>> = {
  up,
  k: up,
  down,
  j: down,
  pageup: (view, choice) => ({ view: moved(view, choice, -roomOf(choice.size)) }),
  pagedown: (view, choice) => ({ view: moved(view, choice, roomOf(choice.size)) }),
  home: (view, choice) => ({ view: moved(view, choice, -Infinity) }),
  end: (view, choice) => ({ view: moved(view, choice, Infinity) }),
  return: open,
  i: open,
  escape: close,
  backspace: close,
  "/": (view) => ({ view: view.isOpen ? view : { ...view, asked: "filter", note: "" } }),
  r: (view, choice) => ({ view: asking("revoke", pointed(view, choice)) }),
  t: (view, choice) => ({ view: asking("terminate", pointed(view, choice)) }),
  q: (view) => ({ view, deed: "quit" }),
};

/** Enter keeps what was typed, Escape shows all again. The list follows each letter. */
function filterAfter({ name, text }: Pressed, view: View): View {
  if (name === "return" || name === "enter") return { ...view, asked: undefined };
  if (name === "escape") return { ...view, asked: undefined, filter: "" };
  if (name === "backspace") return { ...view, filter: Array.from(view.filter).slice(0, -1).join("") };
  return /^\P{C}$/u.test(text) ? { ...view, filter: view.filter + text } : view;
}

/** It is done for a `y` only. */
function answered({ name }: Pressed, view: View, deed: Exclude<Question, "filter">): Step {
  const after = { ...view, asked: undefined };
  return name === "y" ? { view: after, deed } : { view: { ...after, note: "nothing was revoked" } };
}

/** One key is pressed too soon: whoever ends a task is asked. There is nothing to ask where there is no task. */
function asking(question: Question, view: View): View {
  return view.selected === undefined ? view : { ...view, asked: question, note: "" };
}

/** With the task that is pointed at by its id: the list moves on, and the choice stays. */
function pointed(view: View, { state, size }: Choice): View {
  if (view.isOpen) return view;
  return { ...view, selected: pageOf(filtered(state, view), view, size).pointed?.uuid };
}

function moved(view: View, { state }: Choice, by: number): View {
  if (view.isOpen) return view;
  const ids = filtered(state, view).map(({ uuid }) => uuid);
  const at = view.selected === undefined ? 0 : Math.max(ids.indexOf(view.selected), 0);
  return { ...view, selected: ids[Math.min(Math.max(at + by, 0), ids.length - 1)], note: "" };
}
