/** Tasks of a library, which has no application: Celery's shared_task. */

import { chain, ImproperlyConfigured, sharedTask, Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { world } from "./world.ts";

/** A library, as it is imported: made anew for each test, since it remembers its applications. */
function library() {
  const add = sharedTask("lib.add", (x: number, y: number) => x + y);
  const greet = sharedTask(
    { name: "lib.greet", bind: true, maxRetries: 7, kwargs: z.object({ name: z.string() }) },
    (task, greeting: string, { name }) => `${greeting} ${name} from ${task.name}`,
  );
  return { add, greet };
}

describe("a shared task", () => {
  it("belongs to the application that it is registered with, and runs there", async () => {
    const { app, finish } = world();
    const { add, greet } = library();

    app.register(add);
    const own = app.register(greet);
    const results = [await add.delay(2, 2), await own.applyAsync(["Hello"], { kwargs: { name: "Ann" } })];
    await finish();

    expect(await Promise.all(results.map(async (each) => await each.get()))).toEqual([4, "Hello Ann from lib.greet"]);
    expect([...app.tasks.keys()]).toEqual(["lib.add", "lib.greet"]);
  });

  it("is called on the spot, named arguments and all", async () => {
    const { app } = world();
    const { add, greet } = library();
    app.register(add);
    app.register(greet);

    expect([await add(1, 2), await greet("Hello", { name: "Bo" })]).toEqual([3, "Hello Bo from lib.greet"]);
    expect(await add.s(2)(1)).toBe(3);
  });

  it("can be composed before it is registered, and sent afterwards", async () => {
    const { app, finish } = world();
    const { add } = library();
    const sum = chain(add.s(1, 1), add.s(2));

    app.register(add);
    const result = await sum.delay();
    await finish();

    expect(await result.get()).toBe(4);
  });

  it("goes with an application's own tasks, wherever in a canvas it stands", async () => {
    const { app, finish } = world();
    const { add } = library();
    const double = app.task("tasks.double", (x: number) => 2 * x);
    app.register(add);
    new Umbel("other").register(add);

    const result = await chain(add.s(1, 1), double.s(), add.s(1)).delay();
    await finish();

    expect(await result.get()).toBe(5);
  });

  it("has the options of its declaration, then those of its application", () => {
    const { greet } = library();

    expect(greet.options).toEqual({ name: "lib.greet", maxRetries: 7 });
    new Umbel("app", { taskAnnotations: { "lib.*": { maxRetries: 1 } } }).register(greet);

    expect(greet.options).toMatchObject({ maxRetries: 1 });
    expect([greet.name, String(greet)]).toEqual(["lib.greet", "<Task: lib.greet>"]);
  });

  it("is registered once with an application, however often it is given to it", () => {
    const { app } = world();
    const { add } = library();

    expect(app.register(add)).toBe(app.register(add));
  });

  it("is refused by an application that has a task of that name", () => {
    const { app } = world();
    app.task("lib.add", () => 1);

    expect(() => app.register(library().add)).toThrow('There is a task named "lib.add" already');
  });

  it("is neither sent nor called while it belongs to no application", async () => {
    const { add } = library();
    const says = 'The shared task "lib.add" belongs to no application yet: app.register(task)';

    await expect(add.delay(1, 2)).rejects.toThrow(ImproperlyConfigured);
    await expect(add.delay(1, 2)).rejects.toThrow(says);
    await expect(add(1, 2)).rejects.toThrow(says);
    await expect(chain(add.s(1, 2), add.s(3)).delay()).rejects.toThrow(says);
  });

  it("is sent by the handle of one application where it belongs to several", async () => {
    const { app, finish } = world();
    const { add } = library();
    new Umbel("other").register(add);
    const own = app.register(add);

    await expect(add.delay(1, 2)).rejects.toThrow(
      'The shared task "lib.add" belongs to several applications (other, tasks): use what app.register(task) returned',
    );
    const result = await own.delay(1, 2);
    await finish();

    expect(await result.get()).toBe(3);
  });

  it("is declared by what makes sense, which its application finds out", () => {
    const wrong: object = { name: "lib.wrong", maxRetry: 3 };

    expect(() => new Umbel("app").register(sharedTask({ name: "lib.wrong", ...wrong }, () => 1))).toThrow(
      'There is no option "maxRetry" of the task "lib.wrong"; the nearest name is "maxRetries"',
    );
  });
});
