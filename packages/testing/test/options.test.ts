/** Options that mean nothing are refused; limits make a broker and a store refuse what is too large. */

import * as fc from "fast-check";
import { chain, Umbel } from "@umbel/core";
import { ImproperlyConfigured, MessageTooLargeError } from "@umbel/protocol";
import { check, testKit } from "@umbel/testing";
import { describe, expect, it } from "vitest";

/** What the compiler would have refused, but a runtime that only strips types lets through: JSON.parse's `any` plays it. */
function untyped(value: unknown): never {
  const box: { readonly value: never } = Object.assign(JSON.parse("{}"), { value });
  return box.value;
}

describe("an option of a kit", () => {
  it.each([
    [
      { sed: 1 },
      'There is no option "sed" of testKit; the nearest name is "seed"; there are seed, faults, concurrency, start',
    ],
    [{ seed: 1.5 }, 'The option of testKit "seed" must be a whole number, and is 1.5'],
    [{ start: "nonsense" }, '"start" must be milliseconds since 1970, or a date, and is "nonsense"'],
    [{ brokerRetries: -1 }, '"brokerRetries" must be a whole number, 0 or more, and is -1'],
    [{ concurrency: 0 }, '"concurrency" must be a whole number, 1 or more, and is 0'],
    [{ endpoint: () => new Response() }, '"endpoint" must be what has a method fetch'],
    [{ random: 0.5 }, '"random" must be a function, and is 0.5'],
    [{ log: "console" }, '"log" must be a function'],
    [{ patience: Number.NaN }, '"patience" must be a number, 0 or more, and is NaN'],
    [{ limits: { maxMessage: 1 } }, 'There is no limit "maxMessage" of testKit; the nearest name is "maxMessageSize"'],
    [{ limits: { maxRequestSize: 0 } }, '"maxRequestSize" must be a whole number, 1 or more'],
    [{ faults: "drop" }, '"faults" must be an object, and is "drop"'],
    [
      { faults: { dorp: 1 } },
      'There is no fault "dorp"; the nearest name is "drop"; there are drop, duplicate, delay, reorder',
    ],
    [{ faults: { drop: 5 } }, 'The fault "drop" must be a probability, from 0 to 1, and is 5'],
    [{ faults: ["drop"] }, 'There is no fault "undefined"'],
    [{ faults: [{ fault: "dorp", delivery: 0 }] }, 'There is no fault "dorp"'],
    [{ faults: [{ fault: "drop", call: "claim", nth: 0 }] }, 'There is no part "call" of the fault drop'],
    [{ faults: [{ fault: "drop" }] }, 'The part of the fault drop "delivery" must be a whole number, 0 or more'],
    [{ faults: [{ fault: "resend", call: "clam", nth: 0 }] }, '"call" must be one of accepted, active, bury,'],
    [{ faults: [{ fault: "resend", call: "claim", nth: -1 }] }, '"nth" must be a whole number, 0 or more, and is -1'],
    [{ faults: [{ fault: "outage", call: "claim", nth: 0, seconds: -5 }] }, '"seconds" must be a number, 0 or more'],
  ])("as in %j is refused", async (options, says) => {
    const app = new Umbel("tasks");

    const open = () => testKit(app, untyped(options));

    expect(open).toThrow(ImproperlyConfigured);
    expect(open).toThrow(says);
    await using kit = testKit(app);
    expect(kit.calls).toEqual([]);
  });

  it("is refused on the way as well", async () => {
    await using kit = testKit(new Umbel("tasks"));

    expect(() => kit.useFaults(untyped({ drop: "often" }))).toThrow('"drop" must be a probability');
  });

  it.each([
    { seed: -3, start: 0, brokerRetries: 0, concurrency: 8, patience: 0.5, faults: { drop: 0, delay: 1 } },
    { start: "2026-06-01", faults: [], limits: {}, log: undefined },
  ])("as in %j is taken", async (options) => {
    await using kit = testKit(new Umbel("tasks"), untyped(options));

    expect(Number.isNaN(kit.now())).toBe(false);
  });
});

describe("an option of a check", () => {
  const app = new Umbel("tasks");
  const whole = { fc, draw: fc.nat(), canvas: () => app.signature("tasks.none") };

  it.each([
    [{ run: 5 }, 'There is no option "run" of check; the nearest name is "runs"'],
    [{ runs: 0 }, 'The option of check "runs" must be a whole number, 1 or more, and is 0'],
    [{ canvas: undefined }, 'The option of check "canvas" must be a function, and is undefined'],
    [{ concurrency: 0 }, '"concurrency" must be a whole number, 1 or more'],
    [{ faults: { only: ["dorp"] } }, '"only" must be a list of drop, duplicate,'],
    [{ faults: { more: 3 } }, 'There is no option "more" of check\'s faults'],
    [{ kit: { seed: 3 } }, 'There is no further option "seed" of check\'s kit'],
    [{ kit: { start: "soon" } }, '"start" must be milliseconds since 1970, or a date'],
  ])("as in %j is refused", async (options, says) => {
    const checked = check(app, untyped({ ...whole, ...options }), () => undefined);

    await expect(checked).rejects.toThrow(says);
  });
});

describe("a limit", () => {
  it("of the broker is its trait, and what is larger goes by way of the store", async () => {
    const app = new Umbel("tasks", { log: () => undefined });
    const count = app.task("tasks.count", (text: string) => text.length);
    await using kit = testKit(app, { limits: { maxMessageSize: 2000 } });

    const small = await count.delay("x".repeat(100));
    await kit.settle();

    expect(kit.broker.traits.maxMessageSize).toBe(2000);
    expect(await small.get()).toBe(100);
    expect(kit.calls).not.toContain("saveAll");
    const large = await count.delay("x".repeat(3000));
    await kit.settle();
    expect(await large.get()).toBe(3000);
    expect(kit.calls).toContain("saveAll");
  });

  it("of both refuses what is larger before it is sent", async () => {
    const app = new Umbel("tasks", { log: () => undefined });
    const count = app.task("tasks.count", (text: string) => text.length);
    await using kit = testKit(app, { limits: { maxMessageSize: 2000, maxRequestSize: 2000 } });

    await expect(count.delay("x".repeat(3000))).rejects.toThrow(MessageTooLargeError);
    expect(kit.waiting).toEqual([]);
  });

  it("of the store makes an end that is too large a failure, which what waits for it is told", async () => {
    const app = new Umbel("tasks", { log: () => undefined });
    const blow = app.task("tasks.blow", (length: number) => "x".repeat(length));
    const count = app.task("tasks.count", (text: string) => text.length);
    await using kit = testKit(app, { limits: { maxRequestSize: 5000 } });

    const small = await chain(blow.s(100), count.s()).delay();
    const large = await chain(blow.s(10_000), count.s()).delay();
    await kit.settle();

    expect(await small.get()).toBe(100);
    await expect(large.get()).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
  });
});
