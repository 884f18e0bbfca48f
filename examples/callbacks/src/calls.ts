/**
 * Origin's side of it: calls the other service's task by its name, and says what of its own is to follow.
 *
 * Beside both workers: `UMBEL_QUEUES='{"remote":"http://127.0.0.1:8788"}' npx bun --conditions=@umbel/source
 * examples/callbacks/src/calls.ts`.
 *
 * @module
 */

import { chain, children } from "umbel";
import { app, clean, onDone, onFailed } from "./origin.ts";

const addresses = [
  [1, "https://example.com/a.csv"],
  [2, "nowhere"],
] as const;

for (const [fileId, url] of addresses) {
  const result = await app.sendTask("remote.process", {
    args: [url],
    queue: "remote",
    link: onDone.s(fileId),
    linkError: chain(onFailed.si(fileId), clean.si(fileId)),
  });
  console.log(url, String(await result.get({ propagate: false })));
  // What was linked is the call's child: the next file waits for it.
  for (const callback of await children(result)) await callback.get();
}
