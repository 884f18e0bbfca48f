/**
 * Signatures and partials: calls that have not been made yet.
 *
 * `npx bun --conditions=@umbel/source examples/canvas-guide/src/signatures.ts`, beside a gateway and a worker.
 *
 * @module
 */

import { children, signature } from "umbel";
import { add, app, sub } from "./tasks.ts";

// A signature is a call as a value: the task's name, arguments, options. It can be printed, kept as JSON, sent.
const call = add.signature([2, 2], { countdown: 1 });
console.log(String(call), await (await call.delay()).get());

// As JSON it goes anywhere, and is a signature again there. A name will do, where the task itself is not at hand.
const text = JSON.stringify(add.s(2, 2));
console.log(text, await (await signature(app, JSON.parse(text)).delay()).get());
console.log(await (await app.signature("tasks.add", { args: [2, 2] }).delay()).get());

// A partial lacks its first arguments, which come before those that it has: 10 - 2, not 2 - 10.
const minusTwo = sub.s(2);
console.log(String(minusTwo), await (await minusTwo.delay(10)).get());

// An option that is given when it is sent wins over the signature's.
console.log(await (await call.applyAsync([], { countdown: 0 })).get());

// A callback is a partial too: the result comes first. Immutable, by `si`, it gets nothing.
const linked = await add.applyAsync([2, 2], { link: [sub.s(1), add.si(5, 5)] });
console.log(await linked.get());
for (const callback of await children(linked)) console.log("then", await callback.get());
