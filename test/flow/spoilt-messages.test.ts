/**
 * A receiver of beforeTaskPublish, or what is put around publishing, makes a message that no worker would read, or that
 * nobody waits for. It is not sent: whoever calls is told, and within a canvas what follows.
 */

import { around, chain, chord, signature, type Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** What reaches a receiver, as a program sees it that no compiler has looked at. */
interface Loose {
  readonly headers: Record<string, unknown>;
  readonly properties: Record<string, unknown>;
  readonly body: unknown[];
}

type Spoil = (message: Loose) => void;

/** Hides from the compiler what it would refuse: programs are written without it, too. */
function loose(value: unknown): Loose {
  const box: { readonly value: Loose } = Object.assign(JSON.parse("{}"), { value });
  return box.value;
}

const own = "A receiver of beforeTaskPublish";

/** What it does to which part of a message, and the sentence about that. */
const slips: readonly (readonly [part: string, spoil: Spoil, sentence: string])[] = [
  [
    "expires",
    ({ headers }) => (headers["expires"] = "in an hour"),
    "headers.expires: expected an ISO 8601 date and time",
  ],
  ["eta", ({ headers }) => (headers["eta"] = "tomorrow"), "headers.eta: expected an ISO 8601 date and time"],
  [
    "limits",
    ({ headers }) => (headers["timelimit"] = ["60s", null]),
    "headers.timelimit: expected a hard and a soft limit",
  ],
  ["retries below 0", ({ headers }) => (headers["retries"] = -1), "headers.retries: expected an integer from 0 on"],
  ["stamps", ({ headers }) => (headers["stamps"] = 5), "headers.stamps: expected an object"],
  ["no task", ({ headers }) => Reflect.deleteProperty(headers, "task"), "headers.task is missing"],
  ["an id that is none", ({ headers }) => (headers["id"] = 5), "headers.id: expected a text of 1 to 255 characters"],
  ["a group that is none", ({ headers }) => (headers["group"] = 5), "headers.group: expected a text or null"],
  ["priority", ({ properties }) => (properties["priority"] = "high"), "properties.priority: expected a number or null"],
  ["arguments", ({ body }) => (body[0] = "no list"), "body.0: expected a list"],
  ["another id", ({ headers }) => (headers["id"] = "mine"), 'headers.id is "mine", and has to stay what it was'],
  ["another root", ({ headers }) => (headers["root_id"] = "mine"), 'headers.root_id is "mine", and has to stay'],
  ["another group", ({ headers }) => (headers["group"] = "mine"), 'headers.group is "mine", and has to stay'],
  ["other retries", ({ headers }) => (headers["retries"] = 3), "headers.retries is 3, and has to stay what it was"],
  ["generation", ({ properties }) => (properties["generation"] = 3), "properties.generation is 3, and has to stay"],
];

function tasks() {
  const home = world();
  const told: unknown[] = [];
  return {
    ...home,
    told,
    one: home.app.task("tasks.one", () => 1),
    spoilt: home.app.task("tasks.spoilt", (x: number) => x),
    list: home.app.task("tasks.list", (values: readonly number[]) => values),
    alarm: home.app.task("tasks.alarm", ({ excMessage }: { excMessage: string }) => void told.push(excMessage)),
  };
}

function receiving({ signals }: Pick<Umbel, "signals">, spoil: Spoil): void {
  signals.beforeTaskPublish.connect((event) => spoil(loose(event)), { sender: "tasks.spoilt" });
}

function surrounding(app: Umbel, spoil: Spoil): void {
  around(app, {
    publish: async (messages, proceed) => {
      for (const { message } of messages) if (message.headers.task === "tasks.spoilt") spoil(loose(message));
      return await proceed();
    },
  });
}

describe("a receiver that spoils a message", () => {
  it.each(slips)("has it refused at the caller: %s", async (_, spoil, sentence) => {
    const { app, spoilt, ports } = tasks();
    receiving(app, spoil);

    await expect(spoilt.applyAsync([1], { taskId: "order-1" })).rejects.toThrow(
      `${own} has spoilt the message of tasks.spoilt[order-1]: ${sentence}`,
    );

    expect(ports.calls).not.toContain("publish");
  });

  it.each(slips)(
    "ends the step of a chain whose message it is, and errbacks are told: %s",
    async (_, spoil, sentence) => {
      const { app, one, spoilt, alarm, told, finish } = tasks();
      receiving(app, spoil);

      const last = await chain(one.s(), spoilt.s(), spoilt.s()).onError(alarm.s()).delay();
      await finish();

      expect([await last.parent?.state(), await last.state()]).toEqual(["FAILURE", "FAILURE"]);
      expect(told).toEqual([expect.stringContaining(sentence)]);
    },
  );

  it("ends a chord that a later member of its header is spoilt of", async () => {
    const { app, one, spoilt, list, alarm, told, finish } = tasks();
    receiving(app, ({ headers }) => (headers["eta"] = "tomorrow"));

    const body = await chord([chain(one.s(), spoilt.s()), one.s()], list.s())
      .onError(alarm.s())
      .delay();
    await finish();

    expect(await body.state()).toBe("FAILURE");
    expect(told).toContainEqual(expect.stringContaining("headers.eta"));
  });

  it("ends what it is retried for", async () => {
    const { app, alarm, told, finish } = tasks();
    const again = app.task({ name: "tasks.again", bind: true }, ({ retry }) => retry({ countdown: 1 }));
    app.signals.beforeTaskPublish.connect((event) => {
      if (event.headers.retries === 1) event.headers.expires = "soon";
    });

    const result = await again.applyAsync([], { linkError: alarm.s() });
    await finish();

    expect(await result.state()).toBe("FAILURE");
    expect(told).toEqual([expect.stringContaining("headers.expires")]);
  });

  it("keeps no other message of the same call from being sent by a worker", async () => {
    const { app, one, spoilt, told, finish } = tasks();
    const note = app.task("tasks.note", (x: number) => void told.push(x));
    receiving(app, ({ headers }) => (headers["expires"] = "soon"));

    await one.applyAsync([], { link: [spoilt.s(), note.s()] });
    await finish();

    expect(told).toEqual([1]);
  });

  it("may take a header away that a message can be without", async () => {
    const { app, spoilt, finish } = tasks();
    receiving(app, ({ headers }) => {
      headers["expires"] = undefined;
      Reflect.deleteProperty(headers, "timelimit");
    });

    const result = await spoilt.delay(1);
    await finish();

    expect(await result.get()).toBe(1);
  });
});

describe("what is put around publishing and spoils a message", () => {
  it("has it refused at the caller, by a sentence that says so", async () => {
    const { app, spoilt, ports } = tasks();
    surrounding(app, ({ headers }) => (headers["expires"] = "in an hour"));

    await expect(spoilt.applyAsync([1], { taskId: "order-1" })).rejects.toThrow(
      "What is put around the step publish has spoilt the message of tasks.spoilt[order-1]: headers.expires",
    );

    expect(ports.calls).not.toContain("publish");
  });

  it("ends the step of a chain whose message it is, and errbacks are told", async () => {
    const { app, one, spoilt, alarm, told, finish } = tasks();
    surrounding(app, ({ headers }) => (headers["id"] = "mine"));

    const last = await chain(one.s(), spoilt.s()).onError(alarm.s()).delay();
    await finish();

    expect(await last.state()).toBe("FAILURE");
    expect(told).toEqual([expect.stringContaining('headers.id is "mine"')]);
  });

  it("cannot change more than headers", async () => {
    const { app, spoilt, finish } = tasks();
    surrounding(app, ({ properties }) => (properties["priority"] = "high"));

    const result = await spoilt.delay(1);
    await finish();

    expect(await result.get()).toBe(1);
  });
});

it("a signature from data cannot say that it was retried less than not at all", () => {
  const { app } = tasks();
  const data = { task: "tasks.spoilt", args: [1], options: { retries: -5 } };

  expect(() => signature(app, data)).toThrow("options.retries: expected at least 0");
});
