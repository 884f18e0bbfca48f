import { type LogRecord, Umbel } from "@umbel/core";
import { BackendUnavailable, NotSupportedError } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { maxIntervalOf, runBeat, type Ticking } from "../src/index.ts";

type Answer = Awaited<ReturnType<Ticking["tick"]>> | Error;

const nothing: Answer = { failed: [], wait: 900 };
const broken: Answer = {
  failed: [{ entry: "nightly", id: "1", slot: "2026-01-01T00:00:00.000Z", error: "no broker" }],
  wait: 0,
};
const gone = new BackendUnavailable("The store is gone");

/** A loop over answers that are known in advance: it is told to stop once it sleeps after the last one. */
function looped(
  answers: readonly Answer[],
  options: { readonly maxInterval?: number | string; readonly random?: number } = {},
) {
  const stop = new AbortController();
  const slept: number[] = [];
  const records: LogRecord[] = [];
  let ticks = 0;
  const app = new Umbel("loop", { log: (record) => void records.push(record) });
  const { maxInterval, random = 0 } = options;
  const done = runBeat(
    {
      app,
      async tick() {
        const answer = answers[ticks] ?? nothing;
        ticks += 1;
        if (answer instanceof Error) throw answer;
        return await Promise.resolve(answer);
      },
    },
    {
      signal: stop.signal,
      ...(maxInterval !== undefined && { maxInterval }),
      platform: {
        random: () => random,
        async sleep(seconds, signal) {
          slept.push(seconds);
          if (ticks >= answers.length) stop.abort();
          signal?.throwIfAborted();
          await Promise.resolve();
        },
      },
    },
  );
  return { done, slept, lines: () => records.map(({ level, message }) => `${level} ${message}`), ticks: () => ticks };
}

describe("the loop", () => {
  it("sleeps until something is due", async () => {
    const { done, slept } = looped([
      { failed: [], wait: 12.5 },
      { failed: [], wait: 30 },
    ]);

    await done;

    expect(slept).toEqual([12.5, 30]);
  });

  it("sleeps no longer than it may, nor than five minutes when nobody says", async () => {
    const many = [nothing, nothing];
    const [usual, told] = [looped(many), looped(many, { maxInterval: "10s" })];

    await Promise.all([usual.done, told.done]);

    expect([usual.slept, told.slept]).toEqual([
      [300, 300],
      [10, 10],
    ]);
  });

  it("ticks again at once when more is due, and keeps nobody busy all the same", async () => {
    const { done, slept } = looped([{ failed: [], wait: 0 }, nothing]);

    await done;

    expect(slept).toEqual([1, 300]);
  });

  it("goes on while the store cannot be reached, with growing pauses, and says so", async () => {
    const { done, slept, lines } = looped([nothing, gone, gone, gone, nothing, gone]);

    await done;

    expect(slept).toEqual([300, 1, 2, 4, 300, 1]);
    expect(lines()[1]).toBe("ERROR beat: the tick failed: The store is gone. Trying again in 1.00 seconds...");
  });

  it("comes back soon for what could not be sent", async () => {
    const { done, slept } = looped([broken, broken, nothing]);

    await done;

    expect(slept).toEqual([1, 2, 300]);
  });

  it("waits a minute at most after a failure, and no longer than it may sleep", async () => {
    const failures = Array.from({ length: 9 }, () => gone);
    const [usual, told] = [looped(failures), looped(failures, { maxInterval: 5 })];

    await Promise.all([usual.done, told.done]);

    expect(usual.slept).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(told.slept).toEqual([1, 2, 4, 5, 5, 5, 5, 5, 5]);
  });

  it("does not come back at the same moment as others", async () => {
    const { done, slept } = looped([gone, gone], { random: 0.5 });

    await done;

    expect(slept).toEqual([0.75, 1.5]);
  });

  it("ends at once where trying again cannot help", async () => {
    const { done, ticks } = looped([new NotSupportedError("beat needs a backend"), nothing]);

    await expect(done).rejects.toThrow("beat needs a backend");
    expect(ticks()).toBe(1);
  });

  it("goes on with what it has done before, whatever is thrown later", async () => {
    const { done, ticks } = looped([nothing, new NotSupportedError("not today"), nothing]);

    await done;

    expect(ticks()).toBe(3);
  });

  it("finishes the tick that is under way when it is told to stop", async () => {
    const stop = new AbortController();
    const steps: string[] = [];
    const app = new Umbel("loop", { log: ({ message }) => void steps.push(message) });

    await runBeat(
      {
        app,
        async tick() {
          stop.abort();
          await Promise.resolve();
          steps.push("ticked");
          return nothing;
        },
      },
      { signal: stop.signal },
    );

    expect(steps).toEqual(["beat: Starting...", "ticked", "beat: Shutting down..."]);
  });

  it("does not tick at all when it was told before", async () => {
    let ticks = 0;
    const tick = async () => await Promise.resolve({ failed: [], wait: (ticks += 1) });

    await runBeat({ app: new Umbel("loop", { log: () => undefined }), tick }, { signal: AbortSignal.abort() });

    expect(ticks).toBe(0);
  });
});

describe("the longest sleep", () => {
  it("is what was asked for, else the setting, else five minutes", () => {
    expect([maxIntervalOf(0), maxIntervalOf("1m"), maxIntervalOf("1m", 2)]).toEqual([300, 60, 2]);
  });

  it.each([0, -1, "soon"])("is refused as %j", (given) => {
    expect(() => maxIntervalOf(0, given)).toThrow(
      /longest sleep of beat is 0|longest sleep of beat is -1|not a duration/,
    );
  });
});
