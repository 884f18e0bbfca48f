/**
 * A service that has files processed by another one, and is called back. It has nothing of that one's code.
 *
 * `UMBEL_QUEUES='{"remote":"http://127.0.0.1:8788"}' npm run umbel -- -A examples/callbacks/src/origin.ts worker -l error` serves it.
 *
 * @module
 */

import { type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app: Umbel = new Umbel("origin", { broker: qstash(), backend: upstash() });

/** What is known of each file. Here it lives in this process; elsewhere in a database. */
const files = new Map([
  [1, "PENDING"],
  [2, "PENDING"],
]);

/** Gets what the other service has answered, then what it was linked with. */
export const onDone: Task<[response: string, fileId: number], null> = app.task(
  "origin.onDone",
  (response: string, fileId: number) => {
    console.log(`onDone("${response}", ${fileId})`);
    return end(fileId, "SUCCESS");
  },
);

/** Linked immutably, so that it gets nothing of the failure. */
export const onFailed: Task<[fileId: number], null> = app.task("origin.onFailed", (fileId: number) => {
  console.log(`onFailed(${fileId})`);
  return end(fileId, "FAILURE");
});

/** The second step of a chain of errbacks. */
export const clean: Task<[fileId: number], null> = app.task("origin.clean", (fileId: number) => {
  console.log(`clean(${fileId})`);
  return null;
});

function end(fileId: number, state: string): null {
  files.set(fileId, state);
  console.log([...files].map(([id, known]) => `file ${id} ${known}`).join(", "));
  return null;
}
