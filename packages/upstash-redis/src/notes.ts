/**
 * What a call tells whoever watches, as further keys and arguments of its script.
 *
 * Nobody's task may fail because of it: what makes a request too large for the store is left out.
 *
 * @module
 */

import type { ClaimNotes, EventLetter, Sighting } from "@umbel/protocol";
import type { Board } from "./board.ts";
import { milliseconds } from "./milliseconds.ts";
import type { ScriptCall } from "./store.ts";

/** Bytes of a request: below the megabyte that Upstash takes at least, with room for the keys and the script. */
const largest = 900_000;

/** Characters up to which a text is not measured, but reckoned at three bytes each. */
const short = 10_000;

/** A claim, with its notes. */
export function withNotes(board: Board, call: ScriptCall, notes: ClaimNotes | undefined): ScriptCall {
  if (!notes) return call;
  const { worker, queue, task, about, directives, received = [], started = [] } = notes;
  const fits = roomBeside(call);
  const sighting = sightingOf(board, { ...notes.sighting, worker }, fits);
  const shown = board.keys && fits(about) ? about : "";
  const letters = [received, started].map((each) => fitting(each, fits));
  const [count = 0] = letters.map(({ length }) => length);
  const args = [
    board.kept,
    ...sighting,
    queue,
    task,
    shown,
    directives,
    String(count),
    ...wordsOf(board, letters.flat()),
  ];
  const aside = board.keys ? [...sightingKeys(board.keys, worker), board.keys.directives] : [];
  return joined(call, { aside, args });
}

/** A renewal, with the sighting that comes with it. */
export function withSighting(board: Board, call: ScriptCall, sighting: Sighting | undefined): ScriptCall {
  if (!sighting) return call;
  const args = [board.kept, ...sightingOf(board, sighting, roomBeside(call))];
  return joined(call, { aside: board.keys ? sightingKeys(board.keys, sighting.worker) : [], args });
}

/** An end, with the events that tell of it. */
export function withEvents(board: Board, call: ScriptCall, events: readonly EventLetter[] = []): ScriptCall {
  if (events.length === 0) return call;
  return joined(call, lettersCall(board, fitting(events, roomBeside(call))));
}

/** Letters alone. */
export function lettersCall({ keys, ...board }: Board, letters: readonly EventLetter[]): ScriptCall {
  return { keys: [], aside: keys ? [keys.events, keys.told] : [], args: [board.kept, ...wordsOf(board, letters)] };
}

function joined({ keys, aside = [], args }: ScriptCall, more: Omit<ScriptCall, "keys">): ScriptCall {
  return { keys, aside: [...aside, ...(more.aside ?? [])], args: [...args, ...more.args] };
}

function sightingKeys(keys: NonNullable<Board["keys"]>, worker: string): readonly string[] {
  return [keys.events, keys.told, keys.workers, `${keys.worker}${worker}`, `${keys.totals}${worker}`];
}

/** Says of one text after another whether it fits into the same request. */
type Fits = (text: string) => boolean;

function roomBeside({ args }: ScriptCall): Fits {
  let left = args.reduce((rest, arg) => rest - bytesOf(arg), largest);
  return (text) => {
    const size = bytesOf(text);
    if (size > left) return false;
    left -= size;
    return true;
  };
}

/** What it takes in a request at most: that is JSON. */
function bytesOf(text: string): number {
  return text.length <= short ? text.length * 3 : new TextEncoder().encode(JSON.stringify(text)).length;
}

function fitting(letters: readonly EventLetter[], fits: Fits): readonly EventLetter[] {
  return letters.filter(({ text }) => fits(text));
}

/** Without a text there is none. In a cluster nobody knows whether a worker was there before. */
function sightingOf(
  board: Board,
  { worker, text = "", life, online, heartbeat }: Pick<Sighting, "worker"> & Partial<Sighting>,
  fits: Fits,
): readonly string[] {
  const still = board.keys ? heartbeat : (heartbeat ?? online);
  const letters = [online, still].map((letter) => (letter && fits(letter.text) ? letter : { channel: "", text: "" }));
  return [worker, fits(text) ? text : "", milliseconds(life), ...wordsOf(board, letters)];
}

function wordsOf({ prefix }: Pick<Board, "prefix">, letters: readonly EventLetter[]): readonly string[] {
  return letters.flatMap(({ channel, text }) => [channel && `${prefix}${channel}`, text]);
}
