/**
 * What keys do in the live view.
 *
 * @module
 */

import type { State } from "umbel/events";
import { listed, type Size, type View } from "./screen.ts";

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

/** What is chosen after a key by this name (Node's: `up`, `return`, `escape`). */
export function pressed(key: string, view: View, choice: Choice): Step {
  const act = Object.hasOwn(actions, key) ? actions[key] : undefined;
  return act === undefined ? { view } : act(view, choice);
}

type Action = (view: View, choice: Choice) => Step;

const up: Action = (view, choice) => ({ view: moved(view, choice, -1) });
const down: Action = (view, choice) => ({ view: moved(view, choice, 1) });
const open: Action = (view, choice) => ({ view: { ...pointed(view, choice), isOpen: true } });
const close: Action = (view) => ({ view: { ...view, isOpen: false } });

const actions: Readonly<Record<string, Action>> = {
  up,
  k: up,
  down,
  j: down,
  return: open,
  i: open,
  escape: close,
  backspace: close,
  r: (view, choice) => ({ view: pointed(view, choice), deed: "revoke" }),
  t: (view, choice) => ({ view: pointed(view, choice), deed: "terminate" }),
  q: (view) => ({ view, deed: "quit" }),
};

/** With the task that is pointed at by its id: the list moves on, and the choice stays. */
function pointed(view: View, { state, size }: Choice): View {
  if (view.isOpen) return view;
  const tasks = listed(state, size);
  const { uuid } = tasks.find((task) => task.uuid === view.selected) ?? tasks[0] ?? {};
  return { ...view, selected: uuid };
}

function moved(view: View, { state, size }: Choice, by: number): View {
  if (view.isOpen) return view;
  const ids = listed(state, size).map(({ uuid }) => uuid);
  const at = view.selected === undefined ? 0 : Math.max(ids.indexOf(view.selected), 0);
  return { ...view, selected: ids[Math.min(Math.max(at + by, 0), ids.length - 1)], note: "" };
}
