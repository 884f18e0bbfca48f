/** Ends that are too large for the store: every node of their canvas ends all the same (delivery.md 14). */

import {
  type Backend,
  type Effect,
  encodeEffects,
  type FinishRequest,
  type JoinRequest,
  MessageTooLargeError,
  type SettleRequest,
} from "@umbel/protocol";
import { chain, chord, group, Umbel } from "umbel";
import { testKit } from "umbel/testing";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** A store that takes no request of more characters than these. */
function limitedTo(most: number): (backend: Backend) => Backend {
  return (backend) => ({
    ...backend,
    finish: limited(most, async (request: FinishRequest) => await backend.finish(request)),
    settle: limited(most, async (requests: readonly SettleRequest[]) => await backend.settle(requests)),
    join: limited(most, async (request: JoinRequest) => await backend.join(request)),
    saveAll: async (texts, seconds) => {
      await limited(most, async () => await backend.saveAll(texts, seconds))(texts);
    },
  });
}

function limited<Request extends object, Answer>(most: number, call: (request: Request) => Promise<Answer>) {
  return async (request: Request): Promise<Answer> => {
    const size = sizeOf(request);
    if (size > most) throw new MessageTooLargeError(`max request size exceeded: ${size} of ${most}`);
    return await call(request);
  };
}

/** Effects as a store keeps them. */
function sizeOf(request: object): number {
  const effects: readonly Effect[] = "effects" in request && Array.isArray(request.effects) ? request.effects : [];
  return JSON.stringify({ ...request, effects: encodeEffects(effects) }).length;
}

/** What an errback is told. */
interface Told {
  readonly args: readonly unknown[];
  readonly excType: string;
  readonly excMessage: string;
}

/** An application whose store takes so many characters at once. */
function small(most = 1_000_000) {
  const home = world({}, limitedTo(most));
  const { app, lines } = home;
  const told: Told[] = [];
  const criticals = () => lines.filter(({ level }) => level === "CRITICAL").map(({ message }) => message);
  const tell = app.task("tasks.tell", (failure: Told, _nth: number) => void told.push(failure));
  const boom = app.task("tasks.boom", (_text: string): string => {
    throw new RangeError("too far");
  });
  const keep = app.task("tasks.keep", (text: string) => text);
  return { ...home, told, criticals, tell, boom, keep };
}

/** An application whose task sends 200 calls, which do not fit into its store at once, before it ends. */
function fanning(end: (runs: number) => string, options: { readonly maxRetries: number } = { maxRetries: 0 }) {
  const home = small(8000);
  let runs = 0;
  const leaf = home.app.task("tasks.leaf", (nth: number) => nth);
  const fan = home.app.task({ name: "tasks.fan", autoretryFor: [RangeError], ...options }, async () => {
    runs += 1;
    for (let nth = 0; nth < 200; nth += 1) await leaf.delay(nth);
    return end(runs);
  });
  return { ...home, fan, runs: () => runs };
}

function failingOnce(runs: number): string {
  if (runs === 1) throw new RangeError("too far");
  return "done";
}

const broken = { state: "FAILURE", error: { excType: "RangeError", message: "too far" } };

describe("a failure that is too large for the store", () => {
  it("ends its chain for the task's own reason, and its errbacks are told all of its arguments", async () => {
    const { boom, tell, keep, finish, told, criticals } = small();
    const text = "x".repeat(400_000);
    const head = boom.s(text).linkError(tell.s(1)).linkError(tell.s(2)).linkError(tell.s(3));
    const result = await chain(head, keep.s()).delay();
    await finish();

    expect(await result.parent?.settled({ timeout: 1 })).toMatchObject(broken);
    expect(await result.settled({ timeout: 1 })).toMatchObject(broken);
    expect(told).toHaveLength(3);
    expect(told.every(({ args, excType }) => args[0] === text && excType === "RangeError")).toBe(true);
    expect(criticals()).toEqual([]);
  });

  it("tells its errbacks no arguments where the store does not take these either", async () => {
    const { boom, tell, keep, finish, told, criticals } = small(300_000);
    const result = await chain(boom.s("x".repeat(400_000)).linkError(tell.s(1)), keep.s()).delay();
    await finish();

    expect(await result.settled({ timeout: 1 })).toMatchObject(broken);
    expect(told.map(({ args, excType }) => ({ args, excType }))).toEqual([{ args: [], excType: "RangeError" }]);
    expect(criticals()).toEqual([expect.stringMatching(/which has it without arguments$/)]);
  });

  it("keeps its class and the beginning of its message when that is what is too long", async () => {
    const { app, tell, keep, finish, told, criticals } = small();
    const wordy = app.task("tasks.wordy", (): string => {
      throw new RangeError(`too far ${"x".repeat(300_000)}`);
    });

    const result = await chain(wordy.s().linkError(tell.s(1)), keep.s(), keep.s()).delay();
    await finish();

    expect(await result.settled({ timeout: 1 })).toMatchObject({ state: "FAILURE", error: { excType: "RangeError" } });
    expect(await result.parent?.state()).toBe("FAILURE");
    expect(told).toEqual([expect.objectContaining({ excMessage: expect.stringMatching(/^too far x+…$/) })]);
    expect(criticals()).toEqual([expect.stringMatching(/which has it without arguments, long texts$/)]);
  });

  it("calls no errbacks when these are too large themselves, and says so", async () => {
    const { app, boom, keep, finish, told, criticals } = small(200_000);
    const loud = app.task("tasks.loud", (_failure: Told, _text: string) => void told.push(_failure));

    const result = await chain(boom.s("x").linkError(loud.s("y".repeat(300_000))), keep.s()).delay();
    await finish();

    expect(await result.settled({ timeout: 1 })).toMatchObject(broken);
    expect(told).toEqual([]);
    expect(criticals()).toEqual([expect.stringMatching(/which has it without arguments, long texts, errbacks$/)]);
  });

  it("stays a revocation when it is one", async () => {
    const { keep, tell, finish, told } = small();
    const head = keep.s("x".repeat(400_000)).linkError(tell.s(1)).linkError(tell.s(2)).linkError(tell.s(3));

    const result = await chain(head, keep.s()).delay();
    await result.parent?.revoke();
    await finish();

    expect(await result.parent?.state()).toBe("REVOKED");
    expect(await result.state()).toBe("REVOKED");
    expect(told).toHaveLength(3);
  });

  it("is retried all the same when its error is what is too long", async () => {
    const { app, finish } = small();
    let runs = 0;
    const wordy = app.task({ name: "tasks.wordy", autoretryFor: [RangeError] }, (text: string): string => {
      runs += 1;
      if (runs === 1) throw new RangeError("x".repeat(600_000));
      return text;
    });

    const result = await wordy.delay("given");
    await finish();

    expect(await result.settled({ timeout: 1 })).toEqual({ state: "SUCCESS", result: "given" });
  });

  it("ends a chain of a thousand steps", async () => {
    const { boom, keep, finish, criticals } = small(300_000);
    const steps = Array.from({ length: 1000 }, () => keep.s());

    const result = await chain(boom.s("x"), ...steps).delay();
    await finish();

    expect(await result.settled({ timeout: 1 })).toMatchObject(broken);
    expect(await result.parent?.parent?.settled({ timeout: 1 })).toMatchObject(broken);
    expect(criticals()).toEqual([]);
  });
});

describe("the error of what is too large for the store", () => {
  it("says which result it was, how large, and what the store said", async () => {
    const { app, finish } = small(8000);
    const big = app.task("tasks.big", () => "é".repeat(9000));

    const result = await big.delay();
    await finish();

    await expect(result.get()).rejects.toThrow(MessageTooLargeError);
    await expect(result.get()).rejects.toThrow(
      `The result of tasks.big[${result.id}] has 18002 bytes, too many for the store: max request size exceeded`,
    );
  });

  it("says whose arguments they were, how large, and what the store said", async () => {
    const app = new Umbel("tasks");
    await using kit = testKit(app, { limits: { maxMessageSize: 5000, maxRequestSize: 20_000 } });
    const keep = app.task("tasks.keep", (text: string) => text);

    const call = keep.applyAsync(["x".repeat(30_000)], { taskId: "large" });

    await expect(call).rejects.toThrow(MessageTooLargeError);
    await expect(call).rejects.toThrow(
      /^The arguments of tasks\.keep\[large\] have 30009 bytes, too many for the broker \(5000\) and for the store: memory: .* the limit is 20000$/,
    );
    expect(kit.waiting).toEqual([]);
  });
});

describe("an end whose body sent too many calls for the store", () => {
  it("keeps its value: the body runs once, and readers do not see what it sent", async () => {
    const { fan, finish, runs, criticals } = fanning(() => "done");

    const result = await fan.delay();
    await finish();

    expect(await result.settled({ timeout: 1 })).toEqual({ state: "SUCCESS", result: "done" });
    expect((await result.meta())?.children).toEqual([]);
    expect(runs()).toBe(1);
    expect(criticals()).toEqual([expect.stringMatching(/which has it without children$/)]);
  });

  it("keeps its error", async () => {
    const { fan, finish, runs, criticals } = fanning(() => {
      throw new RangeError("too far");
    });

    const result = await fan.delay();
    await finish();

    expect(await result.settled({ timeout: 1 })).toMatchObject(broken);
    expect(runs()).toBe(1);
    expect(criticals()).toEqual([expect.stringMatching(/which has it without children$/)]);
  });

  it("is retried all the same", async () => {
    const { fan, finish, runs } = fanning(failingOnce, { maxRetries: 1 });

    const result = await fan.delay();
    await finish();

    expect(await result.settled({ timeout: 1 })).toEqual({ state: "SUCCESS", result: "done" });
    expect(runs()).toBe(2);
  });

  it("fails once, for its value, when that is too large as well", async () => {
    const { fan, finish, runs } = fanning(() => "x".repeat(10_000));

    const result = await fan.delay();
    await finish();

    const tooLarge = { state: "FAILURE", error: { code: "MESSAGE_TOO_LARGE" } };
    expect(await result.settled({ timeout: 1 })).toMatchObject(tooLarge);
    expect(runs()).toBe(1);
  });
});

describe("a chord whose body is too large to be stored with a member's end", () => {
  it("fails, with all that follows it, and its members run", async () => {
    const { app, keep, finish, criticals } = small(200_000);
    const body = app.task("tasks.body", (values: readonly string[], _text: string) => values.length);
    const header = group([keep.s("a"), keep.s("b")]);

    const result = await chain(header, body.s("y".repeat(300_000)), keep.si("after")).delay();
    await finish();

    const failed = { state: "FAILURE", error: { code: "MESSAGE_TOO_LARGE" } };
    expect(await result.settled({ timeout: 1 })).toMatchObject(failed);
    expect(await result.parent?.settled({ timeout: 1 })).toMatchObject(failed);
    expect(await result.parent?.parent?.settled({ timeout: 1 })).toMatchObject([failed, failed]);
    expect(criticals()).toHaveLength(2);
  });

  it("fails the chord around it, too", async () => {
    const { app, keep, finish } = small(200_000);
    const body = app.task("tasks.body", (values: readonly string[], _text: string) => values.join());
    const count = app.task("tasks.count", (values: readonly string[]) => values.length);
    const inner = chord([keep.s("a"), keep.s("b")], body.s("y".repeat(300_000)));

    const result = await chord([inner, keep.s("c")], count.s()).delay();
    await finish();

    expect(await result.settled({ timeout: 1 })).toMatchObject({ state: "FAILURE" });
  });
});
