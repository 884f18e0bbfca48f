import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { platform } from "../src/platform.ts";

const day = 86_400;

describe("a sleep", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([1, 30, 30 * day, 60 * day])("of %d s lasts that long, although no timer takes 25 days", async (seconds) => {
    const startedAt = Date.now();
    let slept: number | undefined;
    void platform.sleep(seconds).then(() => (slept = (Date.now() - startedAt) / 1000));

    await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
    expect(slept).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);

    expect(slept).toBe(seconds);
  });

  it("ends with the signal's reason, at once, also in its second month", async () => {
    const alarm = new AbortController();
    const slept = platform.sleep(90 * day, alarm.signal).catch((reason: unknown) => reason);
    await vi.advanceTimersByTimeAsync(40 * day * 1000);

    alarm.abort("enough");

    expect(await slept).toBe("enough");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not begin when the signal has aborted", async () => {
    await expect(platform.sleep(1, AbortSignal.abort("never"))).rejects.toBe("never");
  });
});
