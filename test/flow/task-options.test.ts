/** Options of a task that are shared, set from outside, or about what is shown of it. */

import type { TaskBase } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** An error that passes. */
class Busy extends Error {}

describe("a base", () => {
  it("retries, and calls its hooks, for each task that has it", async () => {
    const { app, finish } = world();
    const seen: unknown[] = [];
    const patient: TaskBase = {
      autoretryFor: [Busy],
      maxRetries: 2,
      defaultRetryDelay: 5,
      onFailure: (error, task) => seen.push([task.name, String(error)]),
      onSuccess: () => seen.push("never"),
    };
    const onSuccess = (result: unknown) => seen.push(result);
    const busy = app.task({ name: "tasks.busy", base: patient }, () => {
      seen.push("tried");
      throw new Busy("once more");
    });
    const fine = app.task({ name: "tasks.fine", base: [patient, {}], onSuccess }, () => "fine");

    await busy.delay();
    await finish();
    await fine.delay();
    await finish();

    expect(seen).toEqual(["tried", "tried", "tried", ["tasks.busy", "Error: once more"], "fine"]);
  });
});

describe("annotations", () => {
  it("win over a task's options and are below a call's: queue, retries, expiry", async () => {
    const { app, broker, clock } = world({ taskAnnotations: { "tasks.*": { queue: "slow", expires: 60 } } });
    const add = app.task({ name: "tasks.add", queue: "own", expires: 5 }, (x: number, y: number) => x + y);

    await add.delay(1, 1);
    await add.applyAsync([2, 2], { queue: "mine" });

    const sent = broker.waiting.map(({ queue, body }) => [queue, JSON.parse(body).headers.expires]);
    const expires = new Date(clock.now() + 60_000).toISOString().replace("Z", "");
    expect(sent).toEqual([
      ["slow", expect.stringContaining(expires.slice(0, 19))],
      ["mine", expect.stringContaining(expires.slice(0, 19))],
    ]);
  });
});

describe("what is shown of a call", () => {
  it("is the name that its task makes of its arguments, unless the call has one", async () => {
    const { app, lines, finish } = world();
    const load = app.task(
      {
        name: "tasks.load",
        shadowName: ([url], { page }) => `load ${String(url)} ${String(page)}`,
        params: ["url", "page"],
      },
      (url: string, page: number) => `${url}${page}`,
    );

    const { id } = await load.applyAsync(["/a"], { kwargs: { page: 2 } });
    await load.applyAsync(["/b", 1], { shadow: "mine" });
    await finish();

    expect(lines.map(({ taskName }) => taskName)).toContain("load /a 2");
    expect(lines.map(({ taskName }) => taskName)).toContain("mine");
    expect(await app.result(id).get()).toBe("/a2");
  });

  it("has so many characters of its result as the task says", async () => {
    const { app, lines, finish } = world();
    const long = app.task({ name: "tasks.long", resultreprMaxsize: 10 }, () => "x".repeat(100));

    await long.delay();
    await finish();

    expect(lines.map(({ message }) => message)).toContain("succeeded in 0s: 'xxxxxx...");
  });
});

describe("resultExpires", () => {
  it("of a task, in place of the setting: how long its results stay", async () => {
    const { app, clock, finish } = world({ resultExpires: 3600 });
    const brief = app.task({ name: "tasks.brief", resultExpires: "1m" }, () => "brief");
    const usual = app.task("tasks.usual", () => "usual");

    const results = [await brief.delay(), await usual.delay()];
    await finish();
    await clock.advance(90);

    expect(await Promise.all(results.map(async (each) => await each.state()))).toEqual(["PENDING", "SUCCESS"]);
  });
});

describe("trail", () => {
  it("false: a task's result does not tell which calls it has made", async () => {
    const { app, finish } = world();
    const leaf = app.task("tasks.leaf", () => 1);
    const keeps = app.task({ name: "tasks.keeps", bind: true }, async (task) => {
      await task.delay(leaf.s());
    });
    const forgets = app.task({ name: "tasks.forgets", bind: true, trail: false }, async (task) => {
      await task.delay(leaf.s());
      return task.request.children.length;
    });

    const results = [await keeps.delay(), await forgets.delay()] as const;
    await finish();

    const [kept, forgotten] = await Promise.all(results.map(async (each) => await each.meta()));
    expect([kept?.children?.length, forgotten?.children]).toEqual([1, []]);
    expect(await results[1].get()).toBe(0);
  });
});
