import { ImproperlyConfigured } from "@umbel/protocol";
import { type TaskBase, Umbel, type UmbelOptions } from "@umbel/core";
import { describe, expect, it } from "vitest";

/** The options of a task as they hold in the end. */
function optionsOf(own: object, settings: Partial<UmbelOptions> = {}): object {
  const app = new Umbel("app", settings);
  return app.task({ name: "shop.add", ...own }, () => 1).options;
}

describe("a task's base", () => {
  it("gives what the task does not say itself", () => {
    const base: TaskBase = { maxRetries: 7, queue: "slow" };

    expect(optionsOf({ base, queue: "fast" })).toMatchObject({ maxRetries: 7, queue: "fast" });
  });

  it("may be several, of which the first wins, as in Python", () => {
    expect(optionsOf({ base: [{ queue: "one" }, { queue: "two", priority: 3 }] })).toMatchObject({
      queue: "one",
      priority: 3,
    });
  });

  it("holds where the task's own option is undefined", () => {
    expect(optionsOf({ base: { maxRetries: 7 }, maxRetries: undefined })).toMatchObject({ maxRetries: 7 });
  });

  it("changes the policy of retries, and not only what is shown", () => {
    const app = new Umbel("app");
    app.task({ name: "shop.add", base: { maxRetries: null, defaultRetryDelay: "1m" } }, () => 1);

    expect(app.tasks.get("shop.add")?.policy).toMatchObject({ maxRetries: null, defaultDelay: 60 });
  });

  it.each<readonly [string, object, string]>([
    [
      "an option that does not exist",
      { base: { maxRetry: 3 } },
      'There is no option "maxRetry" of the base of the task "shop.add"; the nearest name is "maxRetries"',
    ],
    [
      "what belongs to one task",
      { base: { params: ["x"] } },
      '"params" is one task\'s own: it is no option of the base of the task "shop.add"',
    ],
    ["what is no record", { base: 5 }, "give an object of options"],
    ["a value that makes no sense", { base: { timeLimit: "long" } }, 'timeLimit of the task "shop.add" is "long"'],
    [
      "limits in the wrong order",
      { base: { timeLimit: 1 }, softTimeLimit: 2 },
      'softTimeLimit of the task "shop.add" is longer than timeLimit',
    ],
    ["the same name twice", { params: ["x", "x"] }, 'params of the task "shop.add" names "x" twice'],
    [
      "a name that must be given after one that may be left out",
      { params: ["x?", "y", "z?"] },
      'params of the task "shop.add" has "y" after "x?": what may be left out comes last',
    ],
    ["a shadowName that is no function", { shadowName: "add" }, "shadowName of the task"],
    [
      "a class where a list is due",
      { throws: RangeError },
      'throws of the task "shop.add" is a function: give a list of classes',
    ],
    ["what is no class", { base: { autoretryFor: ["RangeError"] } }, "autoretryFor of the task"],
    ["a name that is no text", { name: 5 }, "A task needs a name"],
    ["a trail that is no boolean", { trail: "no" }, 'trail of the task "shop.add" is "no": give true or false'],
  ])("is refused with %s", (_what, own, says) => {
    expect(() => optionsOf(own)).toThrow(ImproperlyConfigured);
    expect(() => optionsOf(own)).toThrow(says);
  });
});

describe("the setting taskBase", () => {
  it("is below a task's own base", () => {
    const taskBase = { queue: "all", priority: 1, maxRetries: 9 };

    expect(optionsOf({ base: { priority: 2 }, maxRetries: 1 }, { taskBase })).toMatchObject({
      queue: "all",
      priority: 2,
      maxRetries: 1,
    });
  });
});

describe("the setting taskAnnotations", () => {
  it("wins over a task's own options", () => {
    expect(optionsOf({ maxRetries: 1 }, { taskAnnotations: { "shop.add": { maxRetries: 5 } } })).toMatchObject({
      maxRetries: 5,
    });
  });

  it("has names, globs and functions; in a record a name wins over globs, in a list the later over the earlier", () => {
    const taskAnnotations = [
      { "shop.add": { priority: 1 }, "*": { priority: 2, queue: "all" }, "shop.*": { queue: "shop" } },
      ({ name }: { readonly name: string }) => (name.startsWith("shop.") ? { maxRetries: 8 } : undefined),
      { "other.*": { maxRetries: 1 } },
    ];

    expect(optionsOf({}, { taskAnnotations })).toMatchObject({ priority: 1, queue: "shop", maxRetries: 8 });
  });

  it("is read again when it changes, also by a task that was declared before", () => {
    const app = new Umbel("app");
    const add = app.task({ name: "shop.add", maxRetries: 1 }, () => 1);

    app.conf.update({ taskAnnotations: { "*": { maxRetries: 4 } } });

    expect(add.options.maxRetries).toBe(4);
    expect(app.tasks.get("shop.add")?.policy.maxRetries).toBe(4);
  });

  it.each<readonly [string, object, string]>([
    [
      "an option that does not exist",
      { taskAnnotations: { "shop.add": { rateLimits: "1/s" } } },
      'There is no option "rateLimits" of taskAnnotations["shop.add"]; the nearest name is "rateLimit"',
    ],
    ["an option that does not exist, for all", { taskBase: { maxRetry: 1 } }, 'option "maxRetry" of taskBase'],
    ["what are no annotations", { taskAnnotations: 5 }, "taskAnnotations is 5"],
    ["what is no base", { taskBase: "Task" }, 'taskBase is "Task"'],
  ])("is refused with %s, when it is set", (_what, settings, says) => {
    expect(() => new Umbel("app", settings)).toThrow(ImproperlyConfigured);
    expect(() => new Umbel("app", settings)).toThrow(says);
  });

  it("is refused where a function gives what does not exist", () => {
    const settings: object = { taskAnnotations: () => ({ maxRetry: 3 }) };

    expect(() => optionsOf({}, settings)).toThrow('option "maxRetry" of an annotation of shop.add');
  });
});
