/** Acceptance examples, section 4, callbacks and errbacks. Those of two services are in target-travels.test.ts. */

import { chain, type Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { acceptanceOn, places } from "./acceptance-stores.ts";

describe.each(places)("callbacks, on %s", (place) => {
  const acceptance = acceptanceOn(place);

  it("link: a callback gets the result, and is the call's child", async () => {
    const { app, add, finish } = acceptance();

    const result = await add.applyAsync([2, 2], { link: add.s(8) });
    const other = await add.applyAsync([8, 8], { link: add.s(10) });
    await finish();

    expect(await result.get()).toBe(4);
    expect(await childValues(app, result)).toEqual([12]);
    expect(await other.get()).toBe(16);
    expect(await childValues(app, other)).toEqual([26]);
  });

  it("link, immutable: it runs once, with no argument", async () => {
    const { app, add, counter, ran, finish } = acceptance();
    const given: unknown[][] = [];
    const reset = app.task("tasks.reset", (...args: readonly unknown[]) => void given.push([...args]));

    await add.applyAsync([2, 2], { link: counter.si() });
    await add.applyAsync([2, 2], { link: reset.signature([], { immutable: true }) });
    await finish();

    expect(ran.counter).toBe(1);
    expect(given).toEqual([[]]);
  });

  it("only on success: what is linked to success does not run after a failure", async () => {
    const { boom, log, logged, finish } = acceptance();

    await boom.applyAsync([], { link: log.s("ok"), linkError: log.si("err") });
    await finish();

    expect(logged).toEqual([["err"]]);
  });

  it("only on failure: what is linked to failure does not run after a success", async () => {
    const { stranger, log, logged, finish } = acceptance();

    await stranger.sendTask("tasks.foo", { link: log.s("ok"), linkError: log.si("err") });
    await finish();

    expect(logged).toEqual([["bar", "ok"]]);
  });

  it("errback as a chain: its steps run one after the other", async () => {
    const { boom, log, logged, finish } = acceptance();

    await boom.applyAsync([], { linkError: chain(log.si("failed", 1), log.si("then")) });
    await finish();

    expect(logged).toEqual([["failed", 1], ["then"]]);
  });

  it("errback's argument: the failed call, with its error and traceback as text", async () => {
    const { boom, log, logged, finish } = acceptance();

    const result = await boom.applyAsync([], { linkError: log.s("bound") });
    await finish();

    expect(logged).toEqual([
      [
        {
          id: result.id,
          task: "tasks.boom",
          args: [],
          kwargs: {},
          retries: 0,
          state: "FAILURE",
          excType: "Error",
          excMessage: "Exception Error",
          traceback: expect.stringMatching(/^Traceback \(most recent call last\):\n[\s\S]*Error: Exception Error$/),
          rootId: result.id,
        },
        "bound",
      ],
    ]);
  });

  it("not on a retry: an errback hears of the end only", async () => {
    const { app, log, logged, finish } = acceptance();
    const flaky = app.task({ name: "tasks.flaky", bind: true }, (task): string =>
      task.request.retries < 2 ? task.retry({ countdown: 1 }) : "third time",
    );

    const result = await flaky.applyAsync([], { linkError: log.s() });
    await finish();

    expect(await result.get()).toBe("third time");
    expect(logged).toEqual([]);
  });

  it("several: link and linkError take lists, in order", async () => {
    const { add, boom, log, logged, finish } = acceptance();

    await add.applyAsync([1, 1], { link: [log.s("first"), log.s("second")] });
    await boom.applyAsync([], { linkError: [log.si("third"), log.si("fourth")] });
    await finish();

    expect(logged).toEqual([[2, "first"], [2, "second"], ["third"], ["fourth"]]);
  });
});

async function childValues(app: Umbel, { id }: { readonly id: string }) {
  const children = (await app.result(id).meta())?.children ?? [];
  return await Promise.all(children.map(async ([[child]]) => await app.result(child).get()));
}
