import { chain, expand, freeze, group, print, signature } from "@umbel/canvas";

const add = (...args: readonly number[]) => signature("tasks.add", { args });
const canvas = chain([add(2, 2), group([add(4), add(8)]), signature("tasks.sum")]);
const { signature: frozen, id } = freeze(canvas, { id: "root", childId: (parent, name) => `${parent}/${name}` });
const [call] = expand(frozen);

console.log(print(canvas)); // tasks.add(2, 2) | chord([tasks.add(4), tasks.add(8)], tasks.sum())
console.log(id, call?.id); // root root/0
