/** What docs/testing.md prints is what the kit prints. */

import * as fc from "fast-check";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chain, group, Umbel } from "umbel";
import { check } from "umbel/testing";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

it("shows the smallest canvas that fails as it is printed", async () => {
  const page = await readFile(`${root}docs/testing.md`, "utf8");
  const app = new Umbel("shop");
  const paid: number[] = [];
  const price = app.task("shop.price", (amount: number) => amount + 1);
  const pay = app.task("shop.pay", (amount: number) => paid.push(amount) && amount);
  const canvas = (all: readonly number[]) => {
    paid.length = 0;
    return group(all.map((each) => chain(price.s(each), pay.s())));
  };
  const draw = fc.array(fc.nat(9), { minLength: 1, maxLength: 6 });

  const failure = await check(app, { fc, seed: 1, draw, canvas }, ({ drawn }) => {
    expect(paid).toHaveLength(drawn.length);
  }).then(String, String);

  expect(page).toContain(`\`\`\`\n${failure}\n\`\`\``);
});

it("counts the runs of an attempt by the formula that the kit's own test holds", async () => {
  const page = await readFile(`${root}docs/testing.md`, "utf8");
  const test = await readFile(`${root}packages/testing/test/cut-off.test.ts`, "utf8");
  const formula = /const cutOff = .*;/.exec(page)?.[0];

  expect(formula).toContain("each.retries === retries");
  expect(test).toContain(formula);
});
