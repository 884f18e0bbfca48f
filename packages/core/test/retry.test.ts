import { describe, expect, it } from "vitest";
import { delayOf, hasRetriesLeft, isRetried, retryPolicy, type RetryOptions } from "../src/retry.ts";

const never = () => {
  throw new Error("No dice were to be thrown");
};

describe("the wait before a retry", () => {
  it.each<{ readonly options: RetryOptions; readonly waits: readonly number[] }>([
    { options: { retryBackoff: true }, waits: [1, 2, 4, 8, 600] },
    { options: { retryBackoff: 3 }, waits: [3, 6, 12, 24, 600] },
    { options: { retryBackoff: 0.5 }, waits: [1, 2, 4, 8, 600] },
    { options: { retryBackoff: 2.7 }, waits: [2, 4, 8, 16, 600] },
    { options: { retryBackoff: true, retryBackoffMax: 5 }, waits: [1, 2, 4, 5, 5] },
    { options: { retryBackoff: true, retryBackoffMax: "1m" }, waits: [1, 2, 4, 8, 60] },
    { options: { retryBackoff: 700 }, waits: [600, 600, 600, 600, 600] },
    { options: {}, waits: [180, 180, 180, 180, 180] },
    { options: { retryBackoff: false, defaultRetryDelay: "2m" }, waits: [120, 120, 120, 120, 120] },
    { options: { retryBackoff: 0, defaultRetryDelay: 7 }, waits: [7, 7, 7, 7, 7] },
  ])("without jitter, $options, is $waits s after 0, 1, 2, 3 and 12 retries", ({ options, waits }) => {
    const policy = retryPolicy({ ...options, retryJitter: false });

    expect([0, 1, 2, 3, 12].map((retries) => delayOf(policy, retries, never))).toEqual(waits);
  });

  it("with jitter is any whole second from 0 to the backoff, both included", () => {
    const policy = retryPolicy({ retryBackoff: true });
    const dice = Array.from({ length: 90 }, (_, index) => index / 90);

    const waits = new Set(dice.map((chance) => delayOf(policy, 3, () => chance)));

    expect([...waits]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(delayOf(policy, 3, () => 1 - Number.EPSILON)).toBe(8);
  });

  it("with jitter stays within its cap", () => {
    const policy = retryPolicy({ retryBackoff: 100, retryBackoffMax: 10 });

    expect(delayOf(policy, 30, () => 0.999)).toBe(10);
  });

  it("throws no dice where there is no backoff", () => {
    expect(delayOf(retryPolicy({}), 3, never)).toBe(180);
  });

  it("must be a duration", () => {
    expect(() => retryPolicy({ defaultRetryDelay: "soon" })).toThrow('"soon" is not a duration');
    expect(() => retryPolicy({ retryBackoffMax: "later" })).toThrow('"later" is not a duration');
  });
});

describe("the number of retries", () => {
  it.each([
    { maxRetries: 3, retries: 2, left: true },
    { maxRetries: 3, retries: 3, left: false },
    { maxRetries: 0, retries: 0, left: false },
    { maxRetries: null, retries: 1_000_000, left: true },
  ])("of $retries, with $maxRetries allowed, leaves more: $left", ({ maxRetries, retries, left }) => {
    expect(hasRetriesLeft(maxRetries, retries)).toBe(left);
  });

  it("is three when nothing is said", () => {
    expect(retryPolicy({}).maxRetries).toBe(3);
    expect(retryPolicy({ maxRetries: null }).maxRetries).toBeNull();
  });
});

describe("an error that is retried without being asked", () => {
  class HttpError extends Error {}
  class NotFound extends HttpError {}

  it.each([
    { error: new HttpError("503"), is: true },
    { error: new NotFound("404"), is: false },
    { error: new TypeError("no"), is: false },
    { error: "text", is: false },
  ])("is one of autoretryFor and none of dontAutoretryFor: $error is $is", ({ error, is }) => {
    const policy = retryPolicy({ autoretryFor: [HttpError], dontAutoretryFor: [NotFound] });

    expect(isRetried(policy, error)).toBe(is);
  });
});
