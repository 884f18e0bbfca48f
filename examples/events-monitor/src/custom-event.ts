/**
 * Events of a program's own: with a `uuid` they are about a task, one that nobody knows as well.
 *
 * @module
 */

import { events } from "umbel/events";
import { testKit } from "umbel/testing";
import { app } from "./tasks.ts";

await using kit = testKit(app, { seed: 1 });
await app.sendEvent("task-updated", { uuid: "7f1c", status: "half done" });
await kit.settle();

const receiver = events(app);
await receiver.capture({
  since: "1m",
  limit: 1,
  handlers: { "task-updated": ({ uuid, status }) => console.log(`${String(uuid)} is ${String(status)}`) },
});
const task = receiver.state.tasks.get("7f1c");
console.log(task?.state, task?.name, task?.extra);
