/**
 * Calls the tasks, and hears of each message that is sent: those signals are the sender's, in its process.
 *
 * `npx bun --conditions=@umbel/source examples/signals/src/calls.ts`, beside a gateway and a worker.
 *
 * @module
 */

import { add, app, boom, div, mul, sub } from "./tasks.ts";

const { beforeTaskPublish, afterTaskPublish } = app.signals;

// The sender is a name: a program that publishes need not have the task.
beforeTaskPublish.connect(({ routingKey }) => console.log(`before tasks.add, to the queue ${routingKey}`), {
  sender: "tasks.add",
});
afterTaskPublish.connect(({ headers }) => console.log(`after ${headers.task} ${headers.argsrepr}`), {
  sender: "tasks.add",
});

for (const call of [add.s(4, 4), sub.s(4, 4), boom.s(), div.s(4, 0), mul.s(4, 4)]) {
  const result = await call.delay();
  console.log(String(call), await result.get({ propagate: false }).then(String));
}
