import { AsyncLocalStorage } from "node:async_hooks";
import { BackendUnavailable, MessageTooLargeError, mergeCalls } from "@umbel/protocol";
import { describe, expect, it, onTestFinished } from "vitest";

/** A service that answers when it is told to, at the test's end at the latest, and doubles what it is sent. */
function service({ limit = 60_000 }: { readonly limit?: number } = {}) {
  const calls: { readonly items: readonly number[]; answer(): void; fail(error: Error): void }[] = [];
  const late = () => new BackendUnavailable(`no answer in ${limit} ms`);
  const limits = { calls: 2, items: 5, size: 100, sizeOf: (item: number) => item, limit, late };
  const ask = mergeCalls<number, number>(async (items) => await called(items), limits);
  onTestFinished(() => {
    for (const call of calls) call.answer();
  });
  return { ask, calls, sent: () => calls.map(({ items }) => items) };

  function called(items: readonly number[]): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      calls.push({ items, answer: () => resolve(items.map((item) => item * 2)), fail: reject });
    });
  }
}

/** Lets everything happen that can. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => void setTimeout(resolve));
}

describe("calls", () => {
  it("that are made in the same turn go together, and each gets its own answers", async () => {
    const { ask, calls, sent } = service();

    const answers = Promise.all([ask([1]), ask([2, 3]), ask([4])]);
    await settle();
    calls[0]?.answer();

    expect(await answers).toEqual([[2], [4, 6], [8]]);
    expect(sent()).toEqual([[1, 2, 3, 4]]);
  });

  it("go at once while few are under way; later ones wait for the first end, and go together", async () => {
    const { ask, calls, sent } = service();
    for (const item of [1, 2, 3, 4]) {
      void ask([item]);
      await settle();
    }
    expect(sent()).toEqual([[1], [2]]);

    calls[1]?.answer();
    await settle();

    expect(sent()).toEqual([[1], [2], [3, 4]]);
  });

  it("are cut where a call is full, by items or by size, and never through what was asked at once", async () => {
    const { ask, calls, sent } = service();

    for (const items of [[1, 2, 3], [4, 5, 6], [60, 30], [20], [101], [1, 2, 3, 4, 5, 6]]) void ask(items);
    for (let ended = 0; ended < 5; ended += 1) {
      await settle();
      calls[ended]?.answer();
    }
    await settle();

    expect(sent()).toEqual([[1, 2, 3], [4, 5, 6], [60, 30], [20], [101], [1, 2, 3, 4, 5, 6]]);
  });

  it("wait no longer for an answer than they may, in line or under way, and then go no more", async () => {
    const { ask, calls, sent } = service({ limit: 20 });
    const asked: Promise<unknown>[] = [];
    for (let item = 1; item <= 20; item += 1) {
      asked.push(ask([item]).catch((error: unknown) => error));
      if (item <= 2) await settle();
    }

    const outcomes = await Promise.all(asked);
    for (const call of calls) call.answer();
    await settle();

    expect(outcomes).toEqual(Array.from({ length: 20 }, () => new BackendUnavailable("no answer in 20 ms")));
    expect(sent()).toEqual([[1], [2]]);
  });

  it("of nothing are none", async () => {
    const { ask, sent } = service();

    expect(await ask([])).toEqual([]);
    expect(sent()).toEqual([]);
  });
});

describe("a merged call", () => {
  it("that fails for now fails for all", async () => {
    const { ask, calls, sent } = service();
    const outcomes = Promise.allSettled([ask([1]), ask([2])]);
    await settle();

    calls[0]?.fail(new BackendUnavailable("away"));

    const reasons = (await outcomes).map((each) => each.status);
    expect(reasons).toEqual(["rejected", "rejected"]);
    expect(sent()).toEqual([[1, 2]]);
  });

  it("that fails for good is made again for each apart: nobody hears of another's mistake", async () => {
    const { ask, calls, sent } = service();
    const outcomes = Promise.allSettled([ask([1]), ask([2])]);
    await settle();

    calls[0]?.fail(new MessageTooLargeError("too large"));
    await settle();
    calls[1]?.fail(new MessageTooLargeError("too large"));
    calls[2]?.answer();

    expect((await outcomes).map((each) => each.status)).toEqual(["rejected", "fulfilled"]);
    expect(sent()).toEqual([[1, 2], [1], [2]]);
  });

  it("that fails lets those go that waited for its end", async () => {
    const { ask, calls, sent } = service();
    const first = [ask([1]), ask([2])].map(async (each) => await each.catch(() => undefined));
    await settle();
    const other = ask([9]);
    await settle();
    const last = ask([3]);
    calls[0]?.fail(new BackendUnavailable("away"));
    await Promise.all(first);
    await settle();
    for (const call of calls.slice(1)) call.answer();

    expect([await other, await last]).toEqual([[18], [6]]);
    expect(sent()).toEqual([[1, 2], [9], [3]]);
  });
});

/** Nothing is late without a limit. */
function never(): Error {
  return new Error("late");
}

describe("the context of a call", () => {
  it("is that of who asked where it goes alone, and nobody's where it goes together, whoever's end made way for it", async () => {
    const request = new AsyncLocalStorage<string>();
    const sent: (readonly [items: readonly number[], context: string | undefined])[] = [];
    const ends: (() => void)[] = [];
    const limits = { calls: 1, items: 5, size: 100, sizeOf: (item: number) => item, limit: undefined, late: never };
    const ask = mergeCalls<number, number>(async (items) => {
      sent.push([items, request.getStore()]);
      await new Promise<void>((resolve) => void ends.push(resolve));
      return items;
    }, limits);
    const askIn = async (name: string, item: number) => await request.run(name, async () => await ask([item]));

    const answers = [askIn("one", 1)];
    await settle();
    answers.push(askIn("two", 2), askIn("three", 3));
    ends[0]?.();
    await settle();
    answers.push(askIn("four", 4));
    ends[1]?.();
    await settle();
    ends[2]?.();
    await Promise.all(answers);

    expect(sent).toEqual([
      [[1], "one"],
      [[2, 3], undefined],
      [[4], "four"],
    ]);
  });
});
