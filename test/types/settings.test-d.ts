/** Settings, routes and options of calls: what is misspelt or cannot be does not compile. */

import { configFrom, type Configuration, type Route, type TaskOptions, Umbel } from "umbel";
import { describe, expectTypeOf, it } from "vitest";

const app: Umbel = new Umbel("types");
const add = app.task("types.add", (x: number, y: number) => x + y);

describe("settings", () => {
  it("are read as properties, with their types", () => {
    expectTypeOf(app.conf).toEqualTypeOf<Configuration>();
    expectTypeOf(app.conf.taskAlwaysEager).toEqualTypeOf<boolean>();
    expectTypeOf(app.conf.taskSerializer).toEqualTypeOf<"json">();
    expectTypeOf(app.conf.table()).toEqualTypeOf<Readonly<Record<string, unknown>>>();
  });

  it("are refused when they are misspelt, or cannot be", () => {
    // @ts-expect-error: it is taskDefaultQueue
    app.conf.update({ taskDefaultQueu: "main" });
    // @ts-expect-error: only JSON is spoken
    app.conf.update({ taskSerializer: "pickle" });
    // @ts-expect-error: instants are always in UTC
    app.conf.update({ enableUtc: false });
    // @ts-expect-error: a queue has no such option
    app.conf.update({ taskQueues: { slow: { prioritee: 1 } } });
    // @ts-expect-error: the policy has no such part
    app.conf.update({ taskPublishRetryPolicy: { max_retries: 1 } });
    // @ts-expect-error: only JSON is spoken
    app.conf.taskSerializer = "pickle";
    // @ts-expect-error: it is taskDefaultQueue
    app.conf.taskDefaultQueu = "main";
  });

  it("can be given one by one", () => {
    app.conf.taskDefaultQueue = "main";
    app.conf.taskRoutes = { "shop.*": "slow" };
  });

  it("may come from a record, a module or variables", () => {
    expectTypeOf(configFrom(app, { task_default_queue: "main" })).toEqualTypeOf<readonly string[]>();
    configFrom(app, app.environment, { namespace: "CELERY" });
    // @ts-expect-error: a name is no source
    configFrom(app, "settings");
  });
});

describe("routes", () => {
  it("are records, pairs, functions, and lists of them at any depth", () => {
    const routes: Route = [
      { "shop.*": "slow", "shop.vip": { queue: "fast", priority: 9 } },
      [/^mail/, "mail"],
      [["a.*", "q"], [{ b: "q" }]],
      (...[name, args, kwargs, options, task]) => {
        expectTypeOf(name).toEqualTypeOf<string>();
        expectTypeOf(args).toEqualTypeOf<readonly unknown[]>();
        expectTypeOf(kwargs).toEqualTypeOf<Readonly<Record<string, unknown>>>();
        expectTypeOf(options.queue).toEqualTypeOf<string | undefined>();
        expectTypeOf(task).toEqualTypeOf<TaskOptions | undefined>();
        return null;
      },
    ];
    app.conf.update({ taskRoutes: routes });
    app.conf.update({ taskRoutes: { "shop.*": "slow" } });
  });

  it("lead to a queue and a priority only", () => {
    // @ts-expect-error: there are no exchanges
    app.conf.update({ taskRoutes: { a: { queue: "q", routing_key: "q" } } });
    // @ts-expect-error: a priority is a number
    app.conf.update({ taskRoutes: [["a", { priority: "high" }]] });
    // @ts-expect-error: a function says a queue, a target, or nothing
    app.conf.update({ taskRoutes: [() => 1] });
  });
});

describe("options of a call", () => {
  it("are Celery's in camelCase", () => {
    void add.applyAsync([1, 2], { rootId: "r", parentId: "p", addToParent: false, replyTo: "me", argsrepr: "(...)" });
    void add.applyAsync([1, 2], { retry: true, retryPolicy: { maxRetries: null, intervalMax: "2s" } });
    // @ts-expect-error: it is written countdown
    void add.applyAsync([1, 2], { countDown: 3 });
    // @ts-expect-error: an instant is a Date
    void add.applyAsync([1, 2], { eta: "2026-01-01" });
    // @ts-expect-error: there is one serializer
    void add.applyAsync([1, 2], { serializer: "pickle" });
    // @ts-expect-error: the policy is in camelCase
    void add.applyAsync([1, 2], { retryPolicy: { max_retries: 1 } });
  });
});
