/** Delivery, point 16: a call that is revoked while it waits for its time tells at once all that waits for it. */

import { decodePush } from "@umbel/protocol";
import { BrokerRejected, chain, chord, group, TaskRevokedError, Umbel, type UmbelOptions } from "umbel";
import { memoryBackend, memoryBroker } from "umbel/memory";
import { testKit, type TestKitOptions } from "umbel/testing";
import { describe, expect, it } from "vitest";

const hour = 3600;

/** A kit with tasks that write down when they ran, in seconds; errbacks write down why they were called. */
function waitingKit(options: Partial<TestKitOptions> = {}, settings: Partial<UmbelOptions> = {}) {
  const app = new Umbel("tasks", settings);
  const kit = testKit(app, { seed: 1, start: 0, ...options });
  const ran: [string, number][] = [];
  const told: string[] = [];
  const tellers = new Set<string>();
  const revoked: string[] = [];
  app.signals.taskRevoked.connect(({ request }) => void revoked.push(request.id));
  const seconds = () => kit.now() / 1000;
  const note = app.task("tasks.note", (text: string) => {
    ran.push([text, seconds()]);
    return text;
  });
  const tell = app.task({ name: "tasks.tell", bind: true }, ({ request }, { excMessage }: { excMessage: string }) => {
    told.push(excMessage);
    tellers.add(request.id);
    return null;
  });
  const count = app.task("tasks.count", (texts: string[]) => {
    ran.push(["count", seconds()]);
    return texts.length;
  });
  return { app, kit, ran, told, tellers, revoked, note, tell, count, later: { countdown: hour } };
}

describe("a call that is revoked while it waits", () => {
  it("ends at once, its errbacks are sent, and nothing of it is left at the broker", async () => {
    const { kit, ran, told, revoked, note, tell, later } = waitingKit();
    await using _ = kit;
    const result = await note.applyAsync(["never"], { ...later, linkError: tell.s() });

    await result.revoke();
    await kit.advance(0);

    await expect(result.get()).rejects.toThrow(new TaskRevokedError("revoked"));
    expect([ran, told, revoked]).toEqual([[], ["revoked"], [result.id]]);
    expect(kit.waiting).toEqual([]);
    expect(kit.now()).toBe(0);
  });

  it("revokes the rest of its chain, wherever in it it stands", async () => {
    const { app, kit, ran, told, note, tell, later } = waitingKit();
    await using _ = kit;
    const steps = [
      note.si("first"),
      note.si("second").set({ ...later, linkError: tell.s() }),
      note.si("third"),
    ] as const;
    const result = await chain(...steps).delay();
    await kit.advance(1);

    await app.revoke([result.parent?.id ?? ""]);
    await kit.advance(0);

    expect(ran).toEqual([["first", 0]]);
    expect(told).toEqual(["revoked"]);
    expect(await result.parent?.state()).toBe("REVOKED");
    await expect(result.get()).rejects.toThrow(new TaskRevokedError("revoked"));
    expect(kit.waiting).toEqual([]);
  });

  it("fails the chord that it is a member of, and the chord's errbacks are told", async () => {
    const { kit, told, note, tell, count, later } = waitingKit();
    await using _ = kit;
    const body = count.s().linkError(tell.s());
    const result = await chord([note.si("one"), note.si("two").set(later)], body).delay();
    await kit.advance(1);

    await result.parent?.results?.[1]?.revoke();
    await kit.advance(0);

    await expect(result.get()).rejects.toMatchObject({ code: "CHORD_FAILED", message: /revoked/ });
    expect(told).toEqual([expect.stringMatching(/revoked/)]);
    expect(kit.waiting).toEqual([]);
  });

  it("may wait for its next attempt", async () => {
    const { app, kit, told, tell } = waitingKit();
    await using _ = kit;
    let runs = 0;
    const again = app.task({ name: "tasks.again", bind: true }, (task): string => {
      runs += 1;
      return task.retry({ countdown: hour });
    });
    const result = await again.applyAsync([], { linkError: tell.s() });
    await kit.advance(1);

    await result.revoke();
    await kit.advance(0);

    expect([runs, told, await result.state()]).toEqual([1, ["revoked"], "REVOKED"]);
    expect(kit.waiting).toEqual([]);
  });

  it("may wait for longer than the broker holds anything", async () => {
    const { kit, ran, note } = waitingKit({ limits: { maxDelay: hour } });
    await using _ = kit;
    const result = await note.applyAsync(["never"], { countdown: 10 * hour });
    await kit.advance(2.5 * hour);

    await result.revoke();
    await kit.advance(0);

    expect([ran, await result.state(), kit.waiting]).toEqual([[], "REVOKED", []]);
  });

  it("may be one of many that are revoked in one call", async () => {
    const { app, kit, ran, note, later } = waitingKit();
    await using _ = kit;
    const results = await Promise.all(
      Array.from({ length: 230 }, async (_unused, nth) => await note.applyAsync([`${nth}`], later)),
    );
    const before = kit.calls.length;

    await app.revoke(results.map(({ id }) => id));
    const calls = kit.calls.slice(before);
    await kit.advance(0);

    expect(calls).toEqual(["revoke", "publish"]);
    expect(await Promise.all(results.map(async (each) => await each.state()))).toEqual(results.map(() => "REVOKED"));
    expect([ran, kit.waiting]).toEqual([[], []]);
  });

  it("is told with few others by each message: an edge runtime counts the requests that one of ours may make", async () => {
    const broker = memoryBroker();
    const app = new Umbel("tasks", { broker: () => broker, backend: () => memoryBackend() });
    const ids = Array.from({ length: 101 }, (_, n) => `task-${n}`);

    await app.revoke(ids);

    const messages = await Promise.all(broker.waiting.map(({ body }) => decodePush(body)));
    const parts = messages.map(({ body: [[part]] }) => (Array.isArray(part) ? part : []));
    expect(parts.flat()).toEqual(ids);
    // Each is read by a request, beside five of the message's own; Cloudflare allows fifty.
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(45);
  });

  it("takes no turn of its task's rate limit", async () => {
    const { app, kit, later } = waitingKit();
    await using _ = kit;
    const rare = app.task({ name: "tasks.rare", rateLimit: "1/h" }, () => null);
    await rare.delay();
    const result = await rare.applyAsync([], later);
    await kit.advance(1);

    await result.revoke();
    await kit.advance(0);

    expect(await result.state()).toBe("REVOKED");
  });

  it("ends as terminated when that is what is asked for, and none is revoked where none is named", async () => {
    const { app, kit, note, later } = waitingKit();
    await using _ = kit;
    const result = await note.applyAsync(["never"], later);

    await app.revoke([]);
    await result.revoke({ terminate: true });
    await kit.advance(0);

    await expect(result.get()).rejects.toThrow(new TaskRevokedError("terminated"));
    expect(kit.calls.filter((call) => call === "revoke")).toHaveLength(1);
  });
});

describe("a call that does not wait", () => {
  it("is left to its own message: one that runs, one that has ended, one that nobody has sent", async () => {
    const { app, kit, ran, note } = waitingKit();
    await using _ = kit;
    const ended = await note.delay("ended");
    await kit.advance(0);

    await app.revoke([ended.id, "planned"]);
    await kit.settle();
    const planned = await note.applyAsync(["planned"], { taskId: "planned" });
    await kit.settle();

    expect(await ended.get()).toBe("ended");
    expect(await planned.state()).toBe("REVOKED");
    expect(ran).toEqual([["ended", 0]]);
  });

  it("keeps its failure, though it failed after it was revoked", async () => {
    const { app, kit } = waitingKit();
    await using _ = kit;
    const boom = app.task({ name: "tasks.boom", bind: true }, async (task): Promise<string> => {
      await app.revoke([task.request.id]);
      throw new RangeError("too far");
    });

    const result = await boom.delay();
    await kit.settle();
    await kit.redeliver(0);
    await kit.settle();

    await expect(result.get()).rejects.toThrow("too far");
  });
});

describe("a race with its own delivery", () => {
  /** What the canvas has come to, whatever the race: each told once. */
  async function raced(when: number, faults: TestKitOptions["faults"] = []) {
    const { app, kit, ran, tellers, revoked, note, tell, count } = waitingKit({ faults: faults ?? [], concurrency: 2 });
    await using _ = kit;
    const late = note.si("step").set({ countdown: hour, linkError: tell.s() });
    const body = count.s().linkError(tell.s());
    const result = await chord([chain(note.si("begin"), late, note.si("end")), note.si("other")], body).delay();
    await kit.advance(when, { deliver: when < hour });
    const step = result.parent?.results?.[0]?.parent?.id ?? "";

    await app.revoke([step]);
    await kit.settle();

    const states = await Promise.all([result, app.result(step)].map(async (each) => await each.state()));
    return { states, ran: ran.map(([text]) => text).toSorted((a, b) => a.localeCompare(b)), tellers, revoked, step };
  }

  it.each([1, hour - 1, hour, hour + 60])("is harmless when the call is revoked after %i s", async (when) => {
    const { states, ran, tellers, revoked, step } = await raced(when);

    expect(states).toEqual(["FAILURE", "REVOKED"]);
    expect(ran.filter((text) => text === "step" || text === "end" || text === "count")).toEqual([]);
    expect(tellers.size).toBe(2);
    expect(revoked).toEqual([step]);
  });

  it.each(
    (["held", "publish", "discard", "claim", "finish"] as const).flatMap((call) =>
      (["crashBefore", "crashAfter", "loseAnswer", "resend"] as const).flatMap((fault) =>
        [0, 1, 2, 3, 4].map((nth) => ({ fault, call, nth })),
      ),
    ),
  )("is told once, whatever becomes of the worker: %j", async (fault) => {
    const { states, ran, tellers } = await raced(1, [fault]);

    expect(states).toEqual(["FAILURE", "REVOKED"]);
    expect(ran.filter((text) => text === "step" || text === "end" || text === "count")).toEqual([]);
    expect(tellers.size).toBe(2);
  });
});

describe("a worker that dies before it has taken the old message back", () => {
  it.each([
    ["the new one", []],
    ["the old one", [{ fault: "drop", delivery: 1 }]],
  ] as const)("leaves both on their way, and %s ends the call, which comes first", async (_first, faults) => {
    const { kit, told, revoked, note, tell } = waitingKit({ faults });
    await using _ = kit;
    const result = await note.applyAsync(["never"], { countdown: 3, linkError: tell.s() });
    kit.before("discard", () => kit.crash());

    await result.revoke();
    await kit.settle();

    expect(kit.pushes.filter(({ taskId }) => taskId === result.id)).toHaveLength(2 + faults.length);
    expect([told, revoked]).toEqual([["revoked"], [result.id]]);
    expect(await result.state()).toBe("REVOKED");
  });
});

describe("a worker that finds what it cannot send", () => {
  it("takes nothing back of what the broker refuses: it is told when it is due", async () => {
    const { kit, ran, told, note, tell, later } = waitingKit();
    await using _ = kit;
    const result = await note.applyAsync(["never"], { ...later, linkError: tell.s() });
    await result.revoke();
    kit.before("publish", () => {
      throw new BrokerRejected("too many messages");
    });

    await kit.advance(0);
    const left = kit.waiting.map(({ taskId }) => taskId);
    await kit.settle();

    expect(left).toEqual([result.id]);
    expect([ran, told, await result.state()]).toEqual([[], ["revoked"], "REVOKED"]);
    expect(kit.lines.map(({ message }) => message)).toContainEqual(expect.stringContaining("waits at the broker"));
  });

  it("leaves it with the broker until it is due, and says so", async () => {
    const { kit, note, later } = waitingKit();
    await using _ = kit;
    const result = await note.applyAsync(["never"], later);
    Object.assign(kit.waiting[0] ?? {}, { body: '{"v":1}' });

    await result.revoke();
    await kit.advance(0);

    expect(kit.waiting).toHaveLength(1);
    expect(kit.lines.map(({ message }) => message)).toContainEqual(expect.stringContaining("waits at the broker"));
  });
});

it("costs one mark and one message for a group, and its members' bodies never run", async () => {
  const { kit, ran, note, later } = waitingKit();
  await using _ = kit;
  const result = await group([note.si("one").set(later), note.si("two").set(later)]).delay();
  const before = kit.calls.length;

  await result.revoke();

  expect(kit.calls.slice(before)).toEqual(["revoke", "publish"]);
  await kit.settle();
  expect([ran, await result.state()]).toEqual([[], "REVOKED"]);
});
