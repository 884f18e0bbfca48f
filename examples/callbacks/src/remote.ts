/**
 * Another service: it processes addresses. Of who calls it, and what follows, it knows nothing.
 *
 * `UMBEL_TARGETS='["http://127.0.0.1:8787"]' npm run umbel -- -A examples/callbacks/src/remote.ts worker -l error --port 8788` serves it:
 * it may send to that address what a message says is to follow there.
 *
 * @module
 */

import { type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app: Umbel = new Umbel("remote", { broker: qstash(), backend: upstash() });

export const processFile: Task<[url: string], string> = app.task("remote.process", (url: string) => {
  console.log(`process("${url}")`);
  if (!URL.canParse(url)) throw new TypeError(`"${url}" is no address`);
  return "ok";
});
