/** Semantics 1.3 and 1.7: states of a task's own, progress, and what a running call knows of itself. */

import { BackendUnavailable, type BoundTask, EncodeError, Ignore, ImproperlyConfigured, type TaskRequest } from "umbel";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

/** Runs a bound body, and tells what readers saw of it in each state. */
async function shown(body: (task: BoundTask) => unknown, options: WorldOptions = {}) {
  const home = world(options);
  const seen: unknown[] = [];
  const task = home.app.task({ name: "tasks.own", bind: true }, async (bound) => {
    const returned = await body(bound);
    const [stored] = await home.backend.read([bound.request.id]);
    seen.push([stored?.status, stored?.result]);
    return JSON.stringify(returned) ?? null;
  });
  const result = await task.delay();
  await home.finish();
  return { ...home, result, seen };
}

describe("a state of the task's own", () => {
  it.each([
    { what: "a custom one", update: { state: "SENDING", meta: { sent: 3, of: 10 } }, stored: { sent: 3, of: 10 } },
    { what: "one without more", update: { state: "WAITING_FOR-IT2" }, stored: null },
    {
      what: "a failure, given as an error",
      update: { state: "RETRY", meta: new RangeError("too far") },
      stored: { exc_type: "RangeError", exc_message: ["too far"] },
    },
    {
      what: "a failure, given as data",
      update: { state: "FAILURE", meta: { exc_type: "Mine", exc_message: ["own"], exc_module: "shop" } },
      stored: { exc_type: "Mine", exc_message: ["own"], exc_module: "shop" },
    },
  ])("is shown to readers: $what", async ({ update, stored }) => {
    const { seen, result } = await shown(async (task) => await task.updateState(update));

    expect(seen).toMatchObject([[update.state, stored]]);
    expect(await result.get()).toBe("true");
  });

  it.each([
    {
      what: "in small letters",
      update: { state: "sending" },
      error: ImproperlyConfigured,
      says: '"sending" is no state',
    },
    { what: "without a name", update: { state: "" }, error: ImproperlyConfigured, says: '"" is no state' },
    {
      what: "a failure without an error",
      update: { state: "FAILURE", meta: "oh" },
      error: ImproperlyConfigured,
      says: "readers take what stands beside FAILURE for an error",
    },
    {
      what: "a success, which only what the body returns is",
      update: { state: "SUCCESS", meta: 1 },
      error: ImproperlyConfigured,
      says: "SUCCESS is what the body returns, once it is stored",
    },
    { what: "with what is no JSON", update: { state: "SENDING", meta: [1n] }, error: EncodeError, says: "meta[0]" },
  ])("is refused: $what", async ({ update, error, says }) => {
    const { result } = await shown(async (task) => await task.updateState(update));

    await expect(result.get()).rejects.toThrow(error);
    await expect(result.get()).rejects.toThrow(says);
  });

  it("is not shown once the task has ended: a reader never sees it go back", async () => {
    let own: BoundTask | undefined;
    const { result } = await shown((task) => {
      own = task;
    });

    expect(await own?.updateState({ state: "SENDING" })).toBe(false);
    expect(await own?.progress(1)).toBe(false);
    expect(await result.state()).toBe("SUCCESS");
  });
});

describe("a state that cannot be shown for a moment", () => {
  it.each([
    { what: "progress", show: async (task: BoundTask) => await task.progress(50) },
    { what: "one of its own", show: async (task: BoundTask) => await task.updateState({ state: "SENDING" }) },
  ])("is not what the task fails of: $what", async ({ show }) => {
    const { app, ports, finish } = world();
    const shy = app.task({ name: "tasks.shy", bind: true }, async (task) => {
      const shows = await show(task);
      return shows ? "shown" : task.ignore();
    });
    ports.before("progress", () => {
      throw new BackendUnavailable("The store is away");
    });

    const result = await shy.delay();
    await finish();

    expect([await result.state(), await result.get()]).toEqual(["SUCCESS", null]);
  });
});

describe("progress", () => {
  it("is the state PROGRESS with what is told of it", async () => {
    const { seen } = await shown(async (task) => await task.progress({ done: 1, of: 2 }));

    expect(seen).toEqual([["PROGRESS", { done: 1, of: 2 }]]);
  });

  it.each([
    { how: "by progress", show: async (task: BoundTask) => await task.progress(50) },
    { how: "by its state", show: async (task: BoundTask) => await task.updateState({ state: "PROGRESS" }) },
  ])("is no end, told $how: whoever waits for a task that is then ignored is told of one", async ({ show }) => {
    const { app, finish } = world();
    const shy = app.task({ name: "tasks.shy", bind: true }, async (task) => {
      await show(task);
      throw new Ignore();
    });

    const result = await shy.delay();
    await finish();

    expect(await result.get()).toBeNull();
  });
});

describe("a task whose start is tracked", () => {
  it("shows who runs it: process and name of the worker", async () => {
    const { seen } = await shown(() => undefined, { taskTrackStarted: true });

    // On workerd there is no process, or one for all: then there is nothing to tell.
    const pid = process.pid > 1 ? process.pid : null;
    expect(seen).toEqual([["STARTED", { pid, hostname: "worker@tasks" }]]);
  });
});

describe("a running call", () => {
  it("prints its task and its request, with every field", async () => {
    const texts: string[] = [];
    const requests: TaskRequest[] = [];
    await shown((task) => {
      requests.push(task.request);
      texts.push(String(task), String(task.request));
    });

    const [request] = requests;
    expect(texts[0]).toBe("<Task: tasks.own>");
    expect(texts[1]).toMatch(/^<Context: \{'id': '.*', 'task': 'tasks\.own', .*\}>$/);
    const names = [...(texts[1] ?? "").matchAll(/[{ ]'(\w+)': /g)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(request ?? {})));
  });

  it("prints itself where it is called on the spot, too", async () => {
    const { app } = world();
    const own = app.task({ name: "tasks.own", bind: true }, (task) => [String(task), String(task.request)]);

    expect(await own()).toEqual(["<Task: tasks.own>", expect.stringMatching(/^<Context: .*'calledDirectly': True/)]);
  });

  it("knows what it has sent so far", async () => {
    const { app, finish } = world();
    const seen: unknown[] = [];
    const one = app.task("tasks.one", () => 1);
    const parent = app.task({ name: "tasks.parent", bind: true }, async (task) => {
      seen.push([...task.request.children]);
      const { id } = await task.delay(one.s());
      seen.push([...task.request.children]);
      return id;
    });

    const result = await parent.delay();
    await finish();

    expect(seen).toEqual([[], [[[await result.get(), null], null]]]);
  });

  it("knows its stamps, and how often it was replaced", async () => {
    const requests: TaskRequest[] = [];
    const { broker, finish } = await shown((task) => void requests.push(task.request));
    expect(requests[0]).toMatchObject({ stamps: {}, stampedHeaders: [], replacedTaskNesting: 0, utc: true });
    const headers = {
      task: "tasks.own",
      id: "stamped",
      stamps: { tenant: ["acme"] },
      stamped_headers: ["tenant"],
      replaced_task_nesting: 2,
    };

    const message = { headers, properties: { queue: "default", "x-more": 1 }, body: [[], {}, null] } as const;
    await broker.publish([{ message, queue: "default", deduplicationId: "stamped" }]);
    await finish();

    expect(requests[1]).toMatchObject({
      stamps: { tenant: ["acme"] },
      stampedHeaders: ["tenant"],
      replacedTaskNesting: 2,
      properties: { "x-more": 1 },
      headers: {},
    });
  });
});
