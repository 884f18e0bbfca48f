import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseAnswerDuration, parseDuration } from "../src/push/duration.ts";
import { parseExpression } from "../src/push/expression.ts";
import { canonicalName, mayTravel } from "../src/push/header.ts";
import { roomIn } from "../src/push/lane.ts";
import { mayBecome, transitions } from "../src/push/message-state.ts";
import { outcomeOf } from "../src/push/outcome.ts";
import { retryAfter } from "../src/push/retry-after.ts";
import { backoff, retryWait } from "../src/push/retry-wait.ts";

const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 20_000 : 500;

describe("durations", () => {
  it.each([
    ["30s", 30],
    ["2h", 7200],
    ["1d10h30m", 86_400 + 36_000 + 1800],
    ["0s", 0],
    ["0.5s", 0.5],
    ["1m1m", 120],
    ["36500d", 36_500 * 86_400],
  ])("%s is %d seconds", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each([
    "",
    "5",
    "s",
    "5 s",
    "5S",
    "5w",
    "5ms",
    "-5s",
    "1e3s",
    "5s ",
    "5constructor",
    "36501d",
    "9".repeat(20) + "d",
  ])("%j is no duration", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    ["6m5s", 365],
    ["350ms", 0.35],
    ["10us", 1e-5],
    ["10µs", 1e-5],
    ["1h0m0.5s", 3600.5],
  ])("an answer's %s is %d seconds", (text, seconds) => {
    expect(parseAnswerDuration(text)).toBeCloseTo(seconds, 9);
  });

  it("a duration is the sum of its parts, in any order", () => {
    const sizes = { s: 1, m: 60, h: 3600, d: 86_400 };
    const part = fc.tuple(fc.nat(1000), fc.constantFrom("s", "m", "h", "d"));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.map(([amount, unit]) => `${amount}${unit}`).join("");
        expect(parseDuration(text)).toBe(parts.reduce((sum, [amount, unit]) => sum + amount * sizes[unit], 0));
      }),
      { numRuns: runs },
    );
  });

  it("any text is a duration or none, and never an error", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const seconds = parseDuration(text);
        expect(seconds === undefined || seconds >= 0).toBe(true);
      }),
      { numRuns: runs },
    );
  });
});

describe("retry-delay expressions", () => {
  it.each([
    ["1000", 3, 1000],
    ["retried", 3, 3],
    ["1000 * (1 + retried)", 3, 4000],
    ["min(3600000, 5000 * pow(2, retried))", 0, 5000],
    ["min(3600000, 5000 * pow(2, retried))", 3, 40_000],
    ["min(3600000, 5000 * pow(1.3, retried))", 2, 8450],
    ["min(3600000, 5000 * pow(2, retried))", 30, 3_600_000],
    ["1 + 2 * 3 - 4 / 2", 0, 5],
    ["8 - 4 - 2", 0, 2],
    ["16 / 4 / 2", 0, 2],
    ["2 * -3", 0, -6],
    ["-(1 + 2)", 0, -3],
    ["--1", 0, 1],
    ["max(abs(-7), floor(2.9)) + ceil(.1) + round(1.5) + sqrt(9) + exp(0)", 0, 7 + 1 + 2 + 3 + 1],
    ["  ( retried )  ", 5, 5],
  ])("%s, after %d retries, is %d", (text, retried, value) => {
    expect(parseExpression(text)(retried)).toBe(value);
  });

  it.each([
    ["", "a value was expected, not the end"],
    ["1 +", "a value was expected, not the end"],
    ["(1", '")" was expected, not the end'],
    ["1)", 'an operator was expected, not ")" at 2'],
    ["1 2", 'an operator was expected, not "2" at 3'],
    ["pow(2)", "pow at 1 takes 2, not 1"],
    ["min(1, 2, 3)", "min at 1 takes 2, not 3"],
    ["retries", '"retries" at 1 is not known'],
    ["constructor", '"constructor" at 1 is not known'],
    ["process.exit()", "unknown character"],
    ["2 ** 3", 'a value was expected, not "*" at 4'],
    ["1; 2", "unknown character"],
    ["pow 2", '"(" was expected, not "2" at 5'],
    ["(".repeat(1001), "longer than 1000 characters"],
  ])("%s is refused: %s", (text, reason) => {
    expect(() => parseExpression(text)).toThrow(reason);
  });

  it("an expression has the value of its parts, put together by the rules of arithmetic", () => {
    fc.assert(
      fc.property(arithmetic(), fc.nat(20), ({ text, value }, retried) => {
        fc.pre(text.length <= 1000);
        expect(parseExpression(text)(retried)).toBe(value(retried));
      }),
      { numRuns: runs },
    );
  });

  it("any text is an expression or a SyntaxError", () => {
    const unit = fc.constantFrom(...Array.from("0123456789.()+-*/, retridpowmnaxsq$[{;"));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit })), fc.nat(30), (text, retried) => {
        const result = valueOrError(text, retried);
        expect(typeof result === "number" || result instanceof SyntaxError).toBe(true);
      }),
      { numRuns: runs },
    );
  });
});

function valueOrError(text: string, retried: number): unknown {
  try {
    return parseExpression(text)(retried);
  } catch (error) {
    return error;
  }
}

/** An expression and what it is worth. */
interface Sample {
  readonly text: string;
  readonly value: (retried: number) => number;
}

const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
};

function arithmetic(): fc.Arbitrary<Sample> {
  const leaf = fc.oneof(
    fc.constant<Sample>({ text: "retried", value: (retried) => retried }),
    fc.nat(5000).map((number): Sample => ({ text: String(number / 4), value: () => number / 4 })),
  );
  return fc.letrec<{ sum: Sample; product: Sample; factor: Sample }>((tie) => ({
    sum: series(tie("product"), "+", "-"),
    product: series(tie("factor"), "*", "/"),
    factor: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      tie("sum").map(({ text, value }): Sample => ({ text: `(${text})`, value })),
      tie("factor").map(({ text, value }): Sample => ({ text: `-${text}`, value: (retried) => -value(retried) })),
      called(["abs", "ceil", "exp", "floor", "round", "sqrt"], tie("sum")),
      calledWithTwo(tie("sum")),
    ),
  })).sum;
}

/** Operands with operators of one rank between them: the left ones first. */
function series(operand: fc.Arbitrary<Sample>, ...signs: string[]): fc.Arbitrary<Sample> {
  const rest = fc.array(fc.tuple(fc.constantFrom(...signs), operand), { maxLength: 2 });
  return fc.tuple(operand, rest).map(([first, more]) => ({
    text: [first.text, ...more.map(([sign, { text }]) => `${sign} ${text}`)].join(" "),
    value: (retried) =>
      more.reduce((sum, [sign, { value }]) => operations[sign]?.(sum, value(retried)) ?? NaN, first.value(retried)),
  }));
}

function called(
  names: readonly ("abs" | "ceil" | "exp" | "floor" | "round" | "sqrt")[],
  argument: fc.Arbitrary<Sample>,
): fc.Arbitrary<Sample> {
  return fc.tuple(fc.constantFrom(...names), argument).map(([name, { text, value }]) => ({
    text: `${name}(${text})`,
    value: (retried) => Math[name](value(retried)),
  }));
}

function calledWithTwo(argument: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc.tuple(fc.constantFrom("max", "min", "pow"), argument, argument).map(([name, a, b]) => ({
    text: `${name}(${a.text}, ${b.text})`,
    value: (retried) => Math[name](a.value(retried), b.value(retried)),
  }));
}

describe("the wait before a retry", () => {
  it.each([
    [1, 12],
    [2, 148],
    [3, 1808],
    [4, 22_026],
    [5, 86_400],
    [100, 86_400],
  ])("before retry %d is %d seconds by default", (retry, seconds) => {
    expect(backoff(retry)).toBe(seconds);
  });

  it.each([
    [{ asked: 7, expression: "1000" }, 7],
    [{ asked: 0, expression: undefined }, 0],
    [{ asked: undefined, expression: "1000 * (retried + 1)" }, 3],
    [{ asked: undefined, expression: undefined }, 1808],
    [{ asked: undefined, expression: "-5" }, 0],
    [{ asked: undefined, expression: "sqrt(-1)" }, 1808],
    [{ asked: undefined, expression: "1 / 0" }, 365 * 86_400],
  ])("%j after two retries is %d seconds", (wait, seconds) => {
    expect(retryWait({ retried: 2, ...wait })).toBe(seconds);
  });
});

describe("what a destination asks for", () => {
  const now = Date.parse("Sat, 21 Nov 2026 10:00:00 GMT");

  it.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ "retry-after": "30" }, 30],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "1.5" }, 1.5],
    [{ "retry-after": "6m5s" }, 365],
    [{ "retry-after": "Sat, 21 Nov 2026 10:01:00 GMT" }, 60],
    [{ "retry-after": "Sat, 21 Nov 2026 09:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "86401" }, undefined],
    [{ "x-ratelimit-reset": String(now / 1000 + 60) }, undefined],
    [{ "x-ratelimit-reset": "20" }, 20],
    [{ "x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "6m0s" }, 1],
    [{ "x-ratelimit-reset-tokens": "500ms" }, 0.5],
    [{ "retry-after": "soon", "x-ratelimit-reset": "20" }, 20],
  ])("%j is %s seconds", (headers, seconds) => {
    expect(retryAfter((name) => headers[name], now)).toBe(seconds);
  });
});

describe("the outcome of a delivery", () => {
  const nonRetryable = { "Upstash-Nonretryable-Error": ["true"] };

  it.each([
    { status: 200, outcome: { kind: "delivered" } },
    { status: 299, retried: 3, outcome: { kind: "delivered" } },
    { status: 199, outcome: { kind: "retry", wait: 12 } },
    { status: 301, outcome: { kind: "retry", wait: 12 } },
    { status: 304, retried: 1, outcome: { kind: "retry", wait: 148 } },
    { status: 404, outcome: { kind: "retry", wait: 12 } },
    { status: 500, retried: 3, outcome: { kind: "failed" } },
    { status: 0, outcome: { kind: "retry", wait: 12 } },
    { status: 0, retried: 3, outcome: { kind: "failed" } },
    { status: 409, headers: { "Retry-After": ["40"] }, outcome: { kind: "retry", wait: 40 } },
    { status: 489, headers: nonRetryable, outcome: { kind: "failed" } },
    { status: 489, outcome: { kind: "retry", wait: 12 } },
    { status: 500, headers: nonRetryable, outcome: { kind: "retry", wait: 12 } },
  ])("of three retries at most: %j", ({ status, headers = {}, retried = 0, outcome }) => {
    const message = { draft: { retries: 3 }, retried };
    expect(outcomeOf(message, { status, headers, body: new Uint8Array() }, 0)).toEqual(outcome);
  });
});

describe("the room in a lane", () => {
  const lane = {
    name: "flow:k",
    parallelism: undefined,
    rate: undefined,
    period: 1000,
    windowStart: 5000,
    windowCount: 2,
  };

  it.each([
    { limits: {}, busy: 7, now: 5500, room: Infinity },
    { limits: { parallelism: 3 }, busy: 1, now: 5500, room: 2 },
    { limits: { parallelism: 3 }, busy: 5, now: 5500, room: 0 },
    { limits: { rate: 3 }, busy: 0, now: 5500, room: 1 },
    { limits: { rate: 2 }, busy: 0, now: 5999, room: 0 },
    { limits: { rate: 2 }, busy: 0, now: 6000, room: 2 },
    { limits: { rate: 2, parallelism: 1 }, busy: 0, now: 6000, room: 1 },
  ])("with two begun in the second from 5000: %j", ({ limits, busy, now, room }) => {
    expect(roomIn({ ...lane, ...limits }, busy, now)).toBe(room);
  });
});

describe("message states", () => {
  it("nothing follows an end", () => {
    expect([transitions.DELIVERED, transitions.FAILED, transitions.CANCELLED]).toEqual([[], [], []]);
  });

  it("a move names in SQL the states that it may start from", () => {
    expect(mayBecome("CANCELLED")).toBe("state IN ('CREATED', 'RETRY', 'CANCEL_REQUESTED')");
    expect(mayBecome("RETRY")).toBe("state IN ('ACTIVE')");
  });
});

describe("headers", () => {
  it.each([
    "Host",
    "content-length",
    "Connection",
    "TE",
    "Transfer-Encoding",
    "Keep-Alive",
    "Trailer",
    "Upgrade",
    "Expect",
  ])("%s does not travel", (name) => {
    expect(mayTravel(name)).toBe(false);
  });

  it("any other header travels, by its canonical name", () => {
    expect(mayTravel("authorization")).toBe(true);
    expect(canonicalName("bypass-TUNNEL-reminder")).toBe("Bypass-Tunnel-Reminder");
  });
});
