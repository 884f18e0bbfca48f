/**
 * Shows that the suite notices when a mechanism is taken away: `npm run test:mutants`, or with names of mutants only those.
 *
 * Each mutant is applied to a copy of the tree, and the tests are run there until one fails: first the property tests,
 * then, where those do not notice, what tests the same by name. Ends with 1 when a mutant survives, or when the tests fail
 * without any.
 *
 * @module
 */

import { apply, mutants } from "./mutant.ts";
import { copyTree, removeTree } from "./tree.ts";
import { tryTests, type Verdict } from "./trial.ts";

const property = ["test/property"];
const named = ["test/flow", "packages/memory", "packages/core", "packages/worker"];

const asked = process.argv.slice(2);
const unknown = asked.filter((each) => !mutants.includes(each));
if (unknown.length > 0) throw new Error(`There is no mutant ${unknown.join(", ")}; there are ${mutants.join(", ")}`);

const tree = copyTree();
process.once("exit", () => removeTree(tree));
process.once("SIGINT", () => process.exit(130));

const healthy = await tryTests(tree, [...property, ...named]);
show("none", healthy);
if (healthy.failed !== undefined) process.exit(1);

const survivors: string[] = [];
for (const mutant of asked.length > 0 ? asked : mutants) {
  apply(mutant, tree);
  const verdict = await judge();
  apply(mutant, tree, "back");
  show(mutant, verdict);
  if (verdict.failed === undefined) survivors.push(mutant);
}
console.log(survivors.length === 0 ? "Every mutant is noticed." : `Nobody notices ${survivors.join(", ")}.`);
process.exit(survivors.length === 0 ? 0 : 1);

async function judge(): Promise<Verdict> {
  const first = await tryTests(tree, property);
  if (first.failed !== undefined) return first;
  const second = await tryTests(tree, named);
  return { failed: second.failed, seconds: first.seconds + second.seconds };
}

function show(mutant: string, { failed, seconds }: Verdict): void {
  console.log(`${mutant.padEnd(22)} ${`${seconds} s`.padStart(6)}  ${failed ?? "all green"}`);
}
