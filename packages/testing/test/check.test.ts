import * as fc from "fast-check";
import { chain, group, Umbel } from "umbel";
import { check } from "umbel/testing";
import { expect, it } from "vitest";

it("x", async () => {
  const app = new Umbel("tasks");
  const add = app.task("tasks.add", (x: number, y: number) => x + y);
  let paid = 0;
  const pay = app.task("tasks.pay", (amount: number) => {
    paid += amount;
    return amount;
  });
  const xsum = app.task("tasks.xsum", (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0));
  await check(
    app,
    {
      fc,
      seed: 1,
      draw: fc.array(fc.nat(9)),
      canvas: (numbers) => chain(group(numbers.map((each) => add.s(each, 1))), xsum.s()),
    },
    async ({ drawn, result }) => {
      expect(await result.get()).toBe(drawn.reduce((a, b) => a + b + 1, 0));
    },
  );
  await check(
    app,
    {
      fc,
      seed: 1,
      draw: fc.array(fc.nat(9), { minLength: 1 }),
      canvas: (numbers) => {
        paid = 0;
        return group(numbers.map((each) => pay.s(each)));
      },
    },
    async ({ drawn }) => {
      expect(paid).toBe(drawn.reduce((a, b) => a + b, 0));
    },
  );
});
