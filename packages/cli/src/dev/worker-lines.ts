/**
 * What is told of the workers of `umbel dev`, one after the other: their logs, and what their signs say. The banner comes once.
 *
 * @module
 */

import { many } from "../many.ts";
import type { Heard, ServingSign, Sign } from "../serving/signs.ts";
import type { Say } from "./part-lines.ts";

/** Tells it. */
export interface WorkerLines {
  readonly tell: (heard: Heard) => void;
  /** The worker's name, as its log has told when it was ready; undefined while it has no such line. */
  name(): string | undefined;
}

/** The beginning of a warning that is none here: the keys are those of the gateway beside it, both on loopback. */
const publicKeys = "No signing keys of your own: ";

/** What is logged, at the level of what is usual, when it serves. */
const readyLine = /(\S+@\S+) ready\.$/;

/** Hands the lines to `say`. */
export function workerLines(say: Say): WorkerLines {
  let name: string | undefined;
  let before: ServingSign | undefined;
  return {
    name: () => name,
    tell({ text, sign }) {
      name = readyLine.exec(text ?? "")?.[1] ?? name;
      if (text !== undefined && !text.includes(publicKeys)) say("worker", text);
      if (sign?.serving === undefined) return tellBlocked(sign);
      const lines = before === undefined ? sign.serving.banner : [shortened(sign.serving, before)];
      for (const line of lines) say("worker", line);
      before = sign.serving;
    },
  };

  function tellBlocked(sign: Sign | undefined): void {
    if (sign?.blocked !== undefined) say("dev", `${blockerAmong(sign.blocked)} blocks the worker: ${meanwhile}`);
    if (sign?.free === true) say("dev", "the worker is not blocked any more");
  }
}

const meanwhile =
  "nothing else runs in it, and no time limit can end what does not await; a change of the code ends it, and Ctrl-C";

/** Of the tasks that run in a worker that is blocked, the one that does it, as far as that is known. */
export function blockerAmong(names: readonly string[]): string {
  return names.length > 1 ? `one of ${names.join(", ")}` : (names[0] ?? "what is no task");
}

/** The banner of a worker that follows another: what is not as it was. */
function shortened({ hostname, url, tasks }: ServingSign, before: ServingSign): string {
  const added = tasks.filter((task) => !before.tasks.includes(task));
  const gone = before.tasks.filter((task) => !tasks.includes(task));
  return [
    `${hostname} serves ${many(tasks.length, "task")} at ${url}`,
    ...(added.length > 0 ? [`new: ${added.join(", ")}`] : []),
    ...(gone.length > 0 ? [`gone: ${gone.join(", ")}`] : []),
  ].join("; ");
}
