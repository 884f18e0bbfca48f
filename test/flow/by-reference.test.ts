/** Delivery, point 4: what is too long for a message is kept in the store, and comes back whole. */

import { type Backend, BrokerRejected } from "@umbel/protocol";
import { chain, chord, group, Umbel } from "umbel";
import { memoryBroker } from "umbel/memory";
import { testKit } from "umbel/testing";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { world, type WorldOptions } from "./world.ts";

/** Longer than the broker takes. */
const long = "x".repeat(1_200_000);

/** An application with a few tasks, and what its log said that somebody has to look at. */
function home(options: WorldOptions = {}, wrap?: (backend: Backend) => Backend) {
  const made = world(options, wrap);
  const { app, lines } = made;
  const told: unknown[] = [];
  return {
    ...made,
    told,
    criticals: () => lines.filter(({ level }) => level === "CRITICAL").map(({ message }) => message),
    keep: app.task("tasks.keep", (text: string) => text),
    repeat: app.task("tasks.repeat", (times: number) => "x".repeat(times)),
    length: app.task("tasks.length", (text: string) => text.length),
    add: app.task("tasks.add", (x: number, y: number) => x + y),
    lengths: app.task("tasks.lengths", (texts: readonly string[]) => texts.map((each) => each.length)),
    boom: app.task("tasks.boom", (_text: string): string => {
      throw new RangeError("too far");
    }),
    tell: app.task("tasks.tell", (given: unknown, _text = "") => void told.push(given)),
  };
}

/** A store that has lost everything that messages refer to. */
function forgetful(backend: Backend): Backend {
  return { ...backend, saveAll: async () => await Promise.resolve() };
}

function timesOf(calls: readonly string[], name: string): number {
  return calls.filter((each) => each === name).length;
}

describe("an argument that is larger than the broker takes", () => {
  it("comes back whole, at the price of one call of the store", async () => {
    const { length, finish, ports, pushes } = home();

    const result = await length.delay(long);
    await finish();

    expect(await result.get()).toBe(long.length);
    expect(ports.calls.filter((each) => each !== "verify" && each !== "wait")).toEqual([
      "publish",
      "saveAll",
      "publish",
      "claim",
      "finish",
    ]);
    expect(pushes[0]?.body.length).toBeLessThan(4000);
  });

  it("is seen by the body and by hooks as if it had been in the message", async () => {
    const { app, finish } = home();
    const seen: unknown[] = [];
    const bound = app.task({ name: "tasks.bound", bind: true }, (task, text: string, last: number) => {
      seen.push(task.request.args[0] === text, task.request.args[1], last);
    });

    await bound.delay(long, 7);
    await finish();

    expect(seen).toEqual([true, 7, 7]);
  });

  it("is there again at a retry", async () => {
    const { app, finish } = home();
    let runs = 0;
    const flaky = app.task({ name: "tasks.flaky", autoretryFor: [RangeError] }, (text: string) => {
      runs += 1;
      if (runs < 3) throw new RangeError("not yet");
      return text.length;
    });

    const result = await flaky.delay(long);
    await finish();

    expect(await result.get()).toBe(long.length);
  });

  it("is told to errbacks whole", async () => {
    const { boom, tell, finish, told } = home();

    await boom.applyAsync([long], { linkError: tell.s() });
    await finish();

    expect(told).toEqual([expect.objectContaining({ args: [long], excType: "RangeError" })]);
  });

  it("fails the call that has lost it, and says so to whoever waits, and to errbacks", async () => {
    const { length, tell, add, finish, told, criticals } = home({}, forgetful);

    const result = await chain(length.s(long).linkError(tell.s()), add.s(1)).delay();
    await finish();

    const gone = expect.stringMatching(/arguments of .* were kept in the store, and are gone/);
    expect(await result.settled({ timeout: 1 })).toMatchObject({ state: "FAILURE", error: { message: gone } });
    expect(told).toEqual([expect.objectContaining({ args: [], excMessage: gone })]);
    expect(criticals()).toHaveLength(1);
  });

  it("is refused by name without a backend, where nobody keeps it", async () => {
    const app = new Umbel("tasks", { broker: memoryBroker({ deliver: () => new Response() }), log: () => undefined });
    const length = app.task("tasks.length", (text: string) => text.length);

    await expect(length.delay(long)).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
  });

  it("is refused by name where the store does not take it either", async () => {
    const app = new Umbel("tasks");
    const length = app.task("tasks.length", (text: string) => text.length);
    await using kit = testKit(app, { limits: { maxMessageSize: 1000, maxRequestSize: 2000 } });

    await expect(length.delay("x".repeat(3000))).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    expect(kit.waiting).toEqual([]);
  });
});

describe("a result that is larger than the broker takes", () => {
  it("comes to the next step, to a callback and to a chord's body whole", async () => {
    const { repeat, length, lengths, tell, finish, told } = home();

    const next = await chain(repeat.s(long.length), length.s()).delay();
    await repeat.applyAsync([long.length], { link: tell.s() });
    const both = await chord([repeat.s(long.length), repeat.s(3)], lengths.s()).delay();
    await finish();

    expect(await next.get()).toBe(long.length);
    expect(told).toEqual([long]);
    expect(await both.get()).toEqual([long.length, 3]);
  });
});

describe("a chain that is longer than a message", () => {
  it("costs one call of the store more in all, and no round trip more for a step", async () => {
    const { add, finish, ports } = home();

    const result = await chain(add.s(1, 1), ...Array.from({ length: 399 }, () => add.s(1))).delay();
    await finish();

    expect(await result.get()).toBe(401);
    const costs = ["saveAll", "loadAll", "publish", "claim", "finish"].map((name) => timesOf(ports.calls, name));
    expect(costs).toEqual([1, 0, 400, 400, 400]);
  });

  it("ends as a whole when a step fails, which reads the rest at once", async () => {
    const { boom, keep, finish, ports } = home();
    const steps = Array.from({ length: 199 }, () => keep.s());

    const result = await chain(boom.s("x"), ...steps).delay();
    await finish();

    let ended = 0;
    for (let at: typeof result.parent = result; at !== null; at = at.parent) {
      expect(await at.state()).toBe("FAILURE");
      ended += 1;
    }
    expect(ended).toBe(200);
    expect(timesOf(ports.calls, "loadAll")).toBe(1);
  });

  it("ends as a whole when the broker refuses a step, whose errbacks are told what it was given", async () => {
    const { keep, tell, finish, told, ports } = home();
    const refused = keep.s().linkError(tell.s("y".repeat(9000)));
    const steps = Array.from({ length: 99 }, () => keep.s());
    const result = await chain(keep.s("given"), refused, ...steps).delay();

    ports.before("publish", () => {
      throw new BrokerRejected("no such queue");
    });
    await finish();

    let ended = 0;
    for (let at: typeof result.parent = result; at?.parent; at = at.parent) {
      expect(await at.state()).toBe("FAILURE");
      ended += 1;
    }
    expect(ended).toBe(100);
    expect(told).toEqual([expect.objectContaining({ args: ["given"], excType: "BrokerRejected" })]);
  });

  it("is revoked as a whole", async () => {
    const { keep, finish } = home();
    const steps = Array.from({ length: 199 }, () => keep.s());

    const result = await chain(keep.s("x"), ...steps).delay();
    let first = result.parent;
    while (first?.parent) first = first.parent;
    await first?.revoke();
    await finish();

    expect(await result.state()).toBe("REVOKED");
    expect(await result.parent?.state()).toBe("REVOKED");
  });

  it("goes on although each of its steps waits for longer than anything is kept", async () => {
    const { add, finish } = home();
    const late = { countdown: 3 * 86_400 };

    const result = await chain(add.s(1, 1), ...Array.from({ length: 119 }, () => add.s(1).set(late))).delay();
    await finish();

    expect(await result.state()).toBe("SUCCESS");
  });

  it("ends each step that nobody knows any more when the rest is gone, also groups and chords among them", async () => {
    const { app, add, finish } = home({}, forgetful);
    const sum = app.task("tasks.total", (values: readonly number[]) => values.length);
    const many = Array.from({ length: 60 }, () => add.s(1));
    const members = group(add.s(1), add.s(2));

    const canvas = chain(add.s(1, 1), ...many)
      .pipe(members)
      .pipe(sum.s())
      .pipe(chain(...many));
    const result = await canvas.delay();
    await finish();

    const ids: string[] = [];
    for (let each = result.parent; each !== null; each = each.parent) {
      ids.push(...(each.results ?? [each]).map(({ id }) => id));
    }
    const ends = await app.backend.read(ids);
    expect(ids).toHaveLength(123);
    expect(new Set(ends.map((end) => end?.status))).toEqual(new Set(["FAILURE", "SUCCESS"]));
  });

  it("tells whoever waits for its end when the rest is gone, also a chord", async () => {
    const { app, add, finish, criticals } = home({}, forgetful);
    const steps = () => chain(add.s(1, 1), ...Array.from({ length: 99 }, () => add.s(1)));

    const result = await steps().delay();
    const both = await chord([steps(), add.s(2, 2)], app.signature("tasks.sum")).delay();
    await finish();

    const gone = { state: "FAILURE", error: { message: expect.stringMatching(/rest of this chain was kept/) } };
    expect(await result.settled({ timeout: 1 })).toMatchObject(gone);
    expect(await both.settled({ timeout: 1 })).toMatchObject({ state: "FAILURE", error: { code: "CHORD_FAILED" } });
    expect(criticals().length).toBeGreaterThan(0);
  });
});

describe("a chord's body that is long", () => {
  it("is kept once for all members, and read once", async () => {
    const { keep, app, finish, ports } = home();
    const body = app.task("tasks.body", (texts: readonly string[], more: string) => texts.length + more.length);
    const header = Array.from({ length: 50 }, (_, nth) => keep.s(`${nth}`));

    const result = await chord(header, body.s("y".repeat(10_000))).delay();
    await finish();

    expect(await result.get()).toBe(10_050);
    expect([timesOf(ports.calls, "saveAll"), timesOf(ports.calls, "loadAll")]).toEqual([1, 1]);
  });

  it("ends with all that follows it when a member fails, and its errbacks are told", async () => {
    const { keep, boom, tell, app, finish, told } = home();
    const body = app.task("tasks.body", (texts: readonly string[], more: string) => texts.join(more));
    const end = chain(body.s("y".repeat(10_000)).linkError(tell.s()), keep.s());

    const result = await chord([keep.s("a"), boom.s("b")], end).delay();
    await finish();

    expect(await result.parent?.state()).toBe("FAILURE");
    expect(await result.settled({ timeout: 1 })).toMatchObject({ state: "FAILURE" });
    expect(told).toEqual([expect.objectContaining({ excType: "ChordError" })]);
  });

  it("fails when it is gone, with the chord around it", async () => {
    const { keep, app, finish } = home({}, forgetful);
    const body = app.task("tasks.body", (texts: readonly string[], more: string) => texts.join(more));
    const inner = chord([keep.s("a"), keep.s("b")], body.s("y".repeat(10_000)));

    const result = await inner.delay();
    const outer = await chord([inner, keep.s("c")], app.signature("tasks.lengths")).delay();
    await finish();

    const gone = { state: "FAILURE", error: { message: expect.stringMatching(/body of this chord was kept/) } };
    expect(await result.settled({ timeout: 1 })).toMatchObject(gone);
    expect(await outer.settled({ timeout: 1 })).toMatchObject({ state: "FAILURE", error: { code: "CHORD_FAILED" } });
  });
});

describe("callbacks that are long", () => {
  it("are kept once for all members of a group, and called for each", async () => {
    const { keep, tell, finish, told, ports } = home();
    const members = Array.from({ length: 3 }, (_, nth) => keep.s(`${nth}`).link(tell.s("y".repeat(9000))));

    await group(members).delay();
    await finish();

    expect(new Set(told)).toEqual(new Set(["0", "1", "2"]));
    expect(timesOf(ports.calls, "saveAll")).toBe(1);
  });

  it("that are gone fail nothing, and the log says so", async () => {
    const { keep, tell, finish, told, criticals } = home({}, forgetful);

    const result = await keep.applyAsync(["a"], { link: tell.s("y".repeat(9000)) });
    await finish();

    expect(await result.get()).toBe("a");
    expect(told).toEqual([]);
    expect(criticals()).toEqual([expect.stringMatching(/refers to was kept in the store, and is gone/)]);
  });
});

describe("a task that is replaced while what follows it is kept in the store", () => {
  it("hands the rest of its chain, and its chord, to what replaces it", async () => {
    const { app, add, finish } = home();
    const swap = app.task({ name: "tasks.swap", bind: true }, (task, x: number): number =>
      task.replace(chain(add.s(x, 1), add.s(1))),
    );
    const count = app.task("tasks.count", (values: readonly number[], more: string) => values.concat(more.length));
    const rest = Array.from({ length: 99 }, () => add.s(1));

    const end = await chain(swap.s(0), ...rest).delay();
    const both = await chord([swap.s(0), add.s(1, 1)], count.s("y".repeat(9000))).delay();
    await finish();

    expect(await end.get()).toBe(101);
    expect(await both.get()).toEqual([2, 2, 9000]);
  });

  it("can add a member to a chord whose body is kept in the store", async () => {
    const { app, add, finish } = home();
    const more = app.task({ name: "tasks.more", bind: true }, async (task, x: number) => {
      await task.addToChord(add.s(x, 40));
      return x;
    });
    const count = app.task("tasks.count", (values: readonly number[], text: string) => values.concat(text.length));

    const result = await chord([more.s(2), add.s(1, 1)], count.s("y".repeat(9000))).delay();
    await finish();

    expect((await result.get()).toSorted((one, other) => one - other)).toEqual([2, 2, 42, 9000]);
  });
});

/** A task that is acknowledged early and waits at a gate. */
function gated() {
  const made = home({ workerLease: 10 });
  const gates: (() => void)[] = [];
  const wait = made.app.task({ name: "tasks.wait", acksLate: false }, async (text: string) => {
    await new Promise<void>((resolve) => void gates.push(resolve));
    return text.length;
  });
  return { ...made, gates, wait };
}

describe("a task that is acknowledged early", () => {
  it("with arguments that are kept in the store is ended by its guard when its worker dies", async () => {
    const { wait, tell, gates, broker, kill, finish, told, answers } = gated();
    const result = await wait.applyAsync([long], { linkError: tell.s() });
    await broker.deliverNext();
    await until(() => gates.length === 1);
    kill();

    await finish();

    expect(answers[0]).toBe("202");
    expect(await result.state()).toBe("FAILURE");
    expect(told).toEqual([expect.objectContaining({ args: [long], excType: "WorkerLostError" })]);
  });

  it("runs before it is acknowledged where its guard would be larger than the broker takes", async () => {
    const { wait, gates, broker, answers } = gated();
    // A quote takes two bytes in a message, and four in a message that carries that one.
    const result = await wait.delay('"'.repeat(400_000));
    const delivered = broker.deliverNext();
    await until(() => gates.length === 1);
    gates[0]?.();
    await delivered;

    expect(answers).toEqual(["200"]);
    expect(await result.get()).toBe(400_000);
  });
});
