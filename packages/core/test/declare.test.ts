import { ImproperlyConfigured } from "@umbel/protocol";
import { Umbel } from "@umbel/core";
import { describe, expect, it } from "vitest";

describe("a task that is declared", () => {
  it("is a function with a name of its own", async () => {
    const app = new Umbel("app");

    const add = app.task("shop.add", (x: number, y: number) => x + y);

    expect(add.name).toBe("shop.add");
    expect(String(add)).toBe("<Task: shop.add>");
    expect(await add(1, 2)).toBe(3);
    expect(app.tasks.has("shop.add")).toBe(true);
  });

  it.each([
    { what: "an empty name", options: { name: "" }, says: "A task needs a name" },
    {
      what: "a name that is taken",
      options: { name: "shop.taken" },
      says: 'There is a task named "shop.taken" already',
    },
    {
      what: "the name of a built-in task",
      options: { name: "celery.accumulate" },
      says: '"celery.accumulate" already',
    },
    {
      what: "a soft limit after the hard one",
      options: { name: "a", timeLimit: 5, softTimeLimit: "6s" },
      says: /softTimeLimit of the task "a" is longer than timeLimit/,
    },
    {
      what: "a delay that is none",
      options: { name: "a", defaultRetryDelay: "soon" },
      says: 'defaultRetryDelay of the task "a" is "soon": give seconds from 0 on',
    },
    {
      what: "an option that is misspelt",
      options: { name: "a", maxRetry: 3 },
      says: 'There is no option "maxRetry" of the task "a"; the nearest name is "maxRetries"',
    },
    {
      what: "an option that is Celery's, and not here",
      options: { name: "a", compression: "gzip" },
      says: 'There is no option "compression" of the task "a"; docs/tasks.md has all that there are',
    },
    {
      what: "a limit that is none",
      options: { name: "a", timeLimit: "long" },
      says: 'is "long": give seconds above 0',
    },
    {
      what: "an expiry that is none",
      options: { name: "a", expires: "never" },
      says: 'expires of the task "a" is "never"',
    },
  ])("is refused with $what", ({ options, says }) => {
    const app = new Umbel("app");
    app.task("shop.taken", () => 1);

    const declare = () => app.task(options, () => 1);

    expect(declare).toThrow(ImproperlyConfigured);
    expect(declare).toThrow(says);
  });

  it("belongs to an application that knows what it is made with", () => {
    const misspelt: object = { brokr: undefined };

    expect(() => new Umbel("app", misspelt)).toThrow('There is no setting "brokr"; the nearest name is "broker"');
  });

  it("runs on the spot with its arguments checked, and knows that it was called directly", async () => {
    const app = new Umbel("app");
    const who = app.task({ name: "shop.who", bind: true }, (task, x: number) => [
      task.request.calledDirectly,
      task.request.args,
      x,
    ]);

    expect(await who(7)).toEqual([true, [7], 7]);
  });

  it("shows nobody a state while it runs on the spot, and needs no backend for it", async () => {
    const app = new Umbel("app");
    const work = app.task({ name: "shop.work", bind: true }, async (task) => {
      return await task.updateState({ state: "PROGRESS", meta: { done: 1 } });
    });

    expect(await work()).toBe(false);
  });
});
