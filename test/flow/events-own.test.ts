/** Events of a program's own: `app.sendEvent` and `task.sendEvent`. */

import { BackendUnavailable, EncodeError, ImproperlyConfigured, NotSupportedError } from "@umbel/protocol";
import { Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { eventsIn } from "./watched.ts";
import { world } from "./world.ts";

describe("an event of a program's own", () => {
  it("is told at once, by the application", async () => {
    const home = world();

    await home.app.sendEvent("deploy-finished", { version: "1.2.3" });

    expect(await eventsIn(home)).toEqual([
      { type: "deploy-finished", hostname: "tasks@js", timestamp: home.now() / 1000, version: "1.2.3" },
    ]);
    expect(home.ports.calls).toEqual(["emit"]);
  });

  it("is about the task that tells it, whatever its fields say", async () => {
    const home = world();
    const task = home.app.task({ name: "tasks.import", bind: true }, async (bound): Promise<null> => {
      await bound.sendEvent("task-import-progress", { done: 7, uuid: "another", hostname: "nobody" });
      return null;
    });

    const { id } = await task.delay();
    await home.drain();

    expect((await eventsIn(home)).filter(({ type }) => type.startsWith("task-"))).toEqual([
      { type: "task-import-progress", uuid: id, hostname: "worker@tasks", timestamp: expect.any(Number), done: 7 },
    ]);
  });

  it("is told by a task that runs where it is called: nobody sees it", async () => {
    const home = world({ taskAlwaysEager: true });
    const task = home.app.task({ name: "tasks.import", bind: true }, async (bound): Promise<string> => {
      await bound.sendEvent("task-import-progress");
      return "done";
    });

    expect(await (await task.delay()).get()).toBe("done");
    expect(await eventsIn(home)).toEqual([]);
  });

  it.each([
    { type: "", fields: {}, problem: ImproperlyConfigured },
    { type: "task-updated", fields: [1], problem: ImproperlyConfigured },
    { type: "task-updated", fields: { at: () => 1 }, problem: EncodeError },
  ])("is refused as $type with $fields", async ({ type, fields, problem }) => {
    const { app } = world();

    // @ts-expect-error What the compiler refuses, a program in JavaScript may still give.
    await expect(app.sendEvent(type, fields)).rejects.toThrow(problem);
  });

  it("needs a backend, and one that has a place for it", async () => {
    const without = new Umbel("shop");
    const home = world();
    const deaf = Object.fromEntries(
      Object.entries({ ...home.backend, name: "deaf" }).filter(([name]) => name !== "emit"),
    );
    // @ts-expect-error It has all that a backend must have.
    const beside = new Umbel("shop", { backend: deaf });

    await expect(without.sendEvent("task-updated")).rejects.toThrow(NotSupportedError);
    await expect(without.sendEvent("task-updated")).rejects.toThrow("sendEvent() needs a backend");
    await expect(beside.sendEvent("task-updated")).rejects.toThrow('The backend "deaf" has no place for events');
  });

  it("is missed where the store is away, and its sender hears of that", async () => {
    const home = world();
    home.ports.before("emit", () => {
      throw new BackendUnavailable("away");
    });

    await expect(home.app.sendEvent("task-updated")).rejects.toThrow(BackendUnavailable);
  });
});
