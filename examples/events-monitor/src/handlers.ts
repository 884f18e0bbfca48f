/**
 * One handler, or one for all: what each of them is called with.
 *
 * @module
 */

import { events, type Handlers } from "umbel/events";
import { testKit } from "umbel/testing";
import { app, store } from "./tasks.ts";

const one: Handlers<"task-received"> = {
  "task-received": ({ name, args }) => console.log(`received ${name} ${args}`),
};
const all: Handlers<"*"> = {
  "*": ({ type, hostname }) => console.log(`${type} by ${hostname}`),
};

await using kit = testKit(app, { seed: 1 });
await store.delay({ url: "https://example.com/", links: [], images: [] });
await kit.settle();

// What was told in the last minute, once for each kind of handlers.
console.log(await events(app).capture({ handlers: one, since: "1m", limit: 5 }));
console.log(await events(app).capture({ handlers: all, since: "1m", limit: 5 }));
