/** A test that waits for a clock that nobody moves is told so, and does not take the tests after it along. */

import { group, Umbel } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import { testKit } from "@umbel/testing";
import { describe, expect, it } from "vitest";

const stuck = "Nothing moves the clock of the test kit";

function application() {
  const app = new Umbel("tasks");
  return { app, add: app.task("tasks.add", (x: number, y: number) => x + y) };
}

async function all(states: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  for await (const each of states) seen.push(each);
  return seen;
}

describe("a wait before the clock has been moved", () => {
  it("ends with an error that says what to do", async () => {
    const { app, add } = application();
    await using kit = testKit(app, { seed: 1 });
    const result = await add.delay(1, 1);
    const many = await group([add.s(1, 1), add.s(2, 2)]).delay();

    const waits = [
      result.get(),
      result.get({ timeout: 5 }),
      result.settled(),
      many.get(),
      many.settled(),
      kit.clock.sleep(5),
      all(result),
    ];

    const ends = await Promise.allSettled(waits);
    expect(ends.map((each) => (each.status === "rejected" ? String(each.reason) : each.value))).toEqual(
      waits.map(() =>
        expect.stringContaining(`${stuck}, and this waits for it: await kit.advance(60) or kit.settle()`),
      ),
    );
  });

  it("may be begun first, and awaited after the clock was moved", async () => {
    const { app, add } = application();
    await using kit = testKit(app, { seed: 1 });
    const value = (await add.delay(1, 1)).get();

    await kit.advance(1);

    expect(await value).toBe(2);
  });

  it("lasts while a body waits for what is outside of the kit", async () => {
    const { app } = application();
    await using kit = testKit(app, { seed: 1, patience: 0 });
    const slow = app.task("tasks.slow", async () => {
      await new Promise((resolve) => void setTimeout(resolve, 3500));
      return "done";
    });
    const result = await slow.delay();

    await kit.advance(0);

    expect(await result.get()).toBe("done");
  });
});

describe("a kit", () => {
  it("does not go back in time", async () => {
    await using kit = testKit(application().app);

    await expect(kit.advance(-5)).rejects.toThrow(ImproperlyConfigured);
    expect(() => kit.outage("-1")).toThrow("kit.outage(-1): give seconds from 0 on");
  });

  it("lets nobody wait for less than no time", async () => {
    const { app, add } = application();
    await using kit = testKit(app, { seed: 1 });
    const result = await add.delay(1, 1);
    await kit.settle();

    await expect(result.get({ timeout: -1 })).rejects.toThrow("timeout is -1: give seconds from 0 on");
    expect(await result.get({ timeout: 0 })).toBe(2);
  });

  it("says of an application that is in one already whose that may be", async () => {
    const { app } = application();
    await using kit = testKit(app);

    expect(() => testKit(app)).toThrow(
      /"tasks" is in a test kit already: a test before this one .*await using kit = testKit\(app\)/,
    );
    expect(kit.calls).toEqual([]);
  });
});
