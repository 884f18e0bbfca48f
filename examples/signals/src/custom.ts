/**
 * A signal of one's own, which has nothing to do with tasks.
 *
 * `npx bun --conditions=@umbel/source examples/signals/src/custom.ts`, by itself.
 *
 * @module
 */

import { Signal } from "umbel";

/** What is sent with it. */
interface Payment {
  readonly order: number;
  readonly amount: number;
}

const paid = new Signal<Payment>("custom_signal");

const receiver = paid.connect(({ sender, order, amount }) => {
  console.log(sender, `order ${order}`, amount);
  return order;
});

const answers = await paid.send("till", { order: 7, amount: 12 });
console.log(answers.map((each) => ("error" in each ? each.error : each.response)));

paid.disconnect(receiver);
console.log(await paid.send("till", { order: 8, amount: 3 }), paid.hasListeners("till"));
