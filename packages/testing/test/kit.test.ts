import { chain, chord, group, Umbel } from "umbel";
import { testKit } from "umbel/testing";
import { expect, it } from "vitest";

function arithmetic() {
  const app = new Umbel("tasks");
  const add = app.task("tasks.add", (x: number, y: number) => x + y);
  const xsum = app.task("tasks.xsum", (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0));
  return { app, add, xsum };
}

it("runs an application in memory", async () => {
  const { app, add, xsum } = arithmetic();
  await using kit = testKit(app);

  const result = await chain(group([add.s(2, 2), add.s(4, 4)]), xsum.s(), add.s(1)).delay();
  await kit.settle();

  expect(await result.get()).toBe(13);
});

it("many", async () => {
  const { app, add, xsum } = arithmetic();
  const started = performance.now();
  const counts: Record<string, number> = {};
  const bad: number[] = [];
  for (let seed = 0; seed < 200; seed += 1) {
    const faults = {
      drop: 0.1,
      duplicate: 0.1,
      delay: 0.1,
      reorder: 0.1,
      loseAnswer: 0.05,
      crashBefore: 0.03,
      crashAfter: 0.03,
      leaseDeath: 0.05,
      outage: 0.03,
      resend: 0.05,
    };
    const once = async () => {
      await using kit = testKit(app, { seed, faults, concurrency: 4 });
      const result = await chain(
        chord([add.s(2, 2), chain(add.s(1, 1), add.s(2)), add.s(4, 4)], xsum.s()),
        add.s(1),
      ).delay();
      await kit.settle();
      return {
        trace: kit.calls.join(),
        fired: kit.fired,
        value: await result.get(),
        ids: kit.pushes.map((each) => [each.taskId, each.messageId]),
      };
    };
    const one = await once();
    for (const { fault } of one.fired) counts[fault] = (counts[fault] ?? 0) + 1;
    expect([seed, one.value]).toEqual([seed, 17]);
    if (JSON.stringify(await once()) !== JSON.stringify(one)) bad.push(seed);
  }
  console.log(performance.now() - started, counts, bad);
});
