import * as fc from "fast-check";
import { chain, group, Umbel } from "@umbel/core";
import { check, testKit, type TestKitOptions } from "@umbel/testing";
import { worker } from "@umbel/worker";
import { expect, it } from "vitest";
import { isSlow, runsOf } from "./pace.ts";

function shop() {
  const app = new Umbel("shop");
  const paid: number[] = [];
  const price = app.task("shop.price", (amount: number) => amount + 1);
  const total = app.task("shop.total", (prices: readonly number[]) => prices.reduce((sum, each) => sum + each, 0));
  const pay = app.task("shop.pay", (amount: number) => paid.push(amount) && amount);
  return { app, paid, price, total, pay };
}

const runs = runsOf({ usual: 100, full: 100, few: 15 });
const prices = fc.array(fc.nat(9), { minLength: 1, maxLength: 6 });

it("holds what is stored and returned, whatever goes wrong", async () => {
  const { app, price, total } = shop();

  await check(
    app,
    { fc, seed: 1, runs, draw: prices, canvas: (all) => chain(group(all.map((each) => price.s(each))), total.s()) },
    async ({ drawn, result }) => expect(await result.get()).toBe(drawn.reduce((sum, each) => sum + each + 1, 0)),
  );
});

it("prints the smallest canvas and the smallest faults under which a property does not hold, and how to see them again", async () => {
  const { app, paid, pay, price } = shop();
  const canvas = (all: readonly number[]) => {
    paid.length = 0;
    return group(all.map((each) => chain(price.s(each), pay.s())));
  };

  const failure = await check(app, { fc, seed: 1, draw: prices, canvas }, ({ drawn }) => {
    expect(paid).toHaveLength(drawn.length);
  }).then(String, String);

  expect(failure).toMatchInlineSnapshot(`
    "Error: Canvas 7 of 100 ends wrongly (seed 1); made smaller 21 times it is

      group([chain(shop.price.s(0), shop.pay.s())])

    with these faults:

      leaseDeath at claim 1, of shop.pay[412263ab-2e89-55e5-8439-cb0d529bfb46]

      AssertionError: expected [ 1, 1 ] to have a length of 1 but got 2

    To see it again: testKit(app, { seed: 156222058, concurrency: 1, faults: [{ fault: "leaseDeath", call: "claim", nth: 1 }] })"
  `);
});

it("finds what fails without any fault, too", async () => {
  const { app, total } = shop();

  const failure = await check(
    app,
    { fc, seed: 1, draw: fc.nat(), canvas: (amount) => total.s([amount]) },
    async ({ result }) => expect(await result.get()).toBeLessThan(10),
  ).then(String, String);

  expect(failure).toContain("\n  shop.total.s([10])\n\nwithout any fault:\n");
});

it("aims only the faults that it is told to", async () => {
  const { app, price } = shop();
  const fired = new Set<string>();

  await check(
    app,
    {
      fc,
      seed: 1,
      runs,
      draw: prices,
      faults: { only: ["drop", "resend"] },
      canvas: (all) => group(all.map((each) => price.s(each))),
    },
    ({ kit }) => {
      for (const { fault } of kit.fired) fired.add(fault);
    },
  );

  expect([...fired].toSorted()).toEqual(["drop", "resend"]);
});

it.skipIf(isSlow)(
  "prints all that a kit needs to have it again, which push went first among it, and the kit's further options",
  async () => {
    const { app, paid, pay } = shop();
    const send = (all: readonly number[]) => group(all.map((amount) => pay.s(amount)));
    const canvas = (all: readonly number[]) => {
      paid.length = 0;
      return send(all);
    };
    const kit = { start: "2026-06-01T00:00:00Z", brokerRetries: 5, endpoint: worker(app), log: () => undefined };
    const amounts = [1, 2, 3, 4, 5, 6];

    const failure = await check(
      app,
      {
        fc,
        seed: 1,
        runs: 1000,
        concurrency: 1,
        draw: fc.constant(amounts),
        canvas,
        kit,
        faults: { only: ["reorder", "delay"] },
      },
      ({ kit: { fired } }) => {
        const names = new Set(fired.map(({ fault }) => fault));
        const differs = names.has("delay") && names.has("reorder") && paid.indexOf(1) > 2 && paid.indexOf(2) > 1;
        if (differs) throw new Error(`paid in the order ${paid.join(" ")}`);
      },
    ).then(String, String);

    const [, order] = /paid in the order ([\d ]+)/.exec(failure) ?? [];
    const [, printed = ""] = /testKit\(app, (\{.*\})\)$/.exec(failure) ?? [];
    expect(printed).toContain('start: "2026-06-01T00:00:00Z", brokerRetries: 5, endpoint, log, faults: [{ fault: ');
    expect(printed).toMatch(/\{ fault: "reorder", delivery: \d, other: \d \}/);
    paid.length = 0;
    await using again = testKit(app, { ...kit, ...optionsIn(printed) });
    await send(amounts).delay();
    await again.settle();
    expect(paid.join(" ")).toBe(order);
  },
);

/** Options as they are printed; a name alone stands for what the test has. */
function optionsIn(printed: string): TestKitOptions {
  const data = printed.replaceAll(/(?<=[{,] )(?:endpoint|log|random), /g, "");
  const options: unknown = JSON.parse(data.replaceAll(/(?<=[{,] )(\w+): /g, '"$1": '));
  return isOptions(options) ? options : {};
}

function isOptions(value: unknown): value is TestKitOptions {
  return typeof value === "object" && value !== null && "faults" in value;
}

it("prints what was drawn where no canvas could be made of it", async () => {
  const { app, price } = shop();
  const canvas = (amount: number) => {
    if (amount >= 5) throw new TypeError("canvas broke");
    return price.s(amount);
  };

  const failure = await check(app, { fc, seed: 1, draw: fc.nat(9), canvas }, () => undefined).then(String, String);

  expect(failure).toContain("ends wrongly (seed 1); made smaller ");
  expect(failure).toContain("\n  canvas(5)\n\nwithout any fault:\n\n  TypeError: canvas broke\n");
});
