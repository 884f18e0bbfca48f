import { Signal } from "@umbel/signals";

const ordered = new Signal<{ readonly total: number }>("ordered");
const receiver = ordered.connect(({ sender, total }) => console.log(sender, total), { sender: "shop" });

await ordered.send("shop", { total: 12 }); // shop 12
console.log(ordered.disconnect(receiver, { sender: "shop" })); // true
