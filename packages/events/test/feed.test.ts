import { BackendUnavailable } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { type Beginning, feed, type Heard, lastKept } from "../src/feed.ts";
import { Dice } from "./disorder.ts";
import type { EventStore } from "../src/index.ts";
import { firstAt, flakyStore } from "./flaky-store.ts";

describe("a feed", () => {
  it("begins where it is told, and goes on live", async () => {
    const store = flakyStore({ page: 2 });
    for (const text of "abcde") store.publish(text);
    const beginnings = [{}, { since: firstAt + 1000 }, { after: "000002" }, { after: "000004" }];
    const feeds = beginnings.map((beginning) => listenTo(store, { beginning }));

    const past = await Promise.all([feeds[0]?.take(5), feeds[1]?.take(4), feeds[2]?.take(2)]);
    const live = feeds.map(async (each) => await each.take(1));
    await turn();
    store.publish("f");

    expect(past).toEqual(["abcde", "bcde", "de"]);
    expect(await Promise.all(live)).toEqual(["f", "f", "f", "f"]);
  });

  it("says of each event when it came, and up to where all was heard", async () => {
    const store = flakyStore();
    store.publish("a");
    const { heard } = listenTo(store, { now: () => 7 });

    const [past, next] = [await heard.next(), heard.next()];
    await turn();
    store.publish("b");

    expect(past.value).toEqual({ text: "a", at: firstAt, place: "000000", isAtPlace: true });
    expect((await next).value).toEqual({ text: "b", at: 7, place: "000000", isAtPlace: false });
  });

  it("knows the end of what is kept", async () => {
    const store = flakyStore();
    expect(await lastKept(store)).toBeUndefined();
    for (const text of "abc") store.publish(text);
    expect(await lastKept(store)).toMatchObject({ text: "c" });
  });

  it("catches up with what it missed, which what was not kept is not part of", async () => {
    const store = flakyStore();
    const feeding = listenTo(store);
    const first = feeding.take(2);
    await turn();
    store.publish("a");
    store.publish("b", { isKept: false });
    expect(await first).toBe("ab");

    store.breakOff();
    store.publish("c");
    store.publish("d", { isKept: false });

    expect(await feeding.take(1)).toBe("c");
  });

  it("tells of nothing twice that comes both ways", async () => {
    const store = flakyStore();
    let isInTheGap = false;
    // Published after the subscription, and before the past is read.
    const between: EventStore = {
      ...store,
      async past(request) {
        if (!isInTheGap) for (const text of "ab") store.publish(text);
        isInTheGap = true;
        return await store.past(request);
      },
    };
    const feeding = listenTo(between);
    const all = feeding.take(3);
    await turn();
    store.publish("c");

    expect(await all).toBe("abc");
  });

  it("ends when it is told to, wherever it is", async () => {
    const store = flakyStore();
    for (const text of "abc") store.publish(text);
    const feeding = listenTo(store);
    expect(await feeding.take(1)).toBe("a");

    feeding.stop();

    expect(await feeding.heard.next()).toEqual({ done: true, value: undefined });
    expect(await listenTo(store, { isOver: true }).heard.next()).toEqual({ done: true, value: undefined });
  });

  it("fails where it cannot begin, and bears what comes later", async () => {
    const store = flakyStore();
    store.fail(true);
    await expect(listenTo(store).heard.next()).rejects.toBeInstanceOf(BackendUnavailable);

    store.fail(false);
    const feeding = listenTo(store);
    const next = feeding.take(2);
    await turn();
    store.publish("a");
    store.fail(true);
    store.breakOff();
    store.publish("b");
    await turn();
    expect(feeding.lost.map(String)).toEqual(["BackendUnavailable: flaky: nobody there"]);
    expect(feeding.pauses.slice(0, 8)).toEqual([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5]);

    store.fail(false);

    expect(await next).toBe("ab");
  });

  it("tells that a store is lost which cannot be subscribed to, and that it answers again", async () => {
    const store = flakyStore();
    const feeding = listenTo({
      ...store,
      async *live() {
        yield undefined;
      },
    });
    const next = feeding.take(1);
    await turn();
    store.fail(true);
    await turn();
    expect(feeding.lost).toHaveLength(1);
    expect(feeding.found()).toBe(0);

    store.fail(false);
    store.publish("a");

    expect(await next).toBe("a");
    await Promise.all([feeding.take(1), turn(), turn().then(() => store.publish("b"))]);
    expect(feeding.found()).toBe(1);
    expect(feeding.lost).toHaveLength(1);
  });

  it("throws what is no outage", async () => {
    const store = flakyStore();
    const broken: EventStore = { ...store, past: async () => await Promise.reject(new TypeError("broken")) };

    await expect(listenTo(broken).heard.next()).rejects.toThrow("broken");
  });

  it("reads again only what it may have missed, however long it has listened", async () => {
    const store = flakyStore();
    const feeding = listenTo(store);
    const heard = feeding.take(1000);
    for (let nth = 0; nth < 1000; nth += 1) {
      await turn(50);
      store.publish(`${nth},`, { isKept: nth % 2 === 0 });
    }
    await heard;

    const before = store.readings.length;
    const next = feeding.take(1);
    store.breakOff();
    await turn();
    store.publish("last");

    expect(await next).toBe("last");
    expect(before).toBeLessThan(20);
    expect(Number(store.readings.at(-1)?.after)).toBeGreaterThan(440);
  });

  it("misses nothing and tells nothing twice where live events are far behind the kept ones", async () => {
    const store = flakyStore();
    const feeding = listenTo(store);
    const first = feeding.take(1);
    await turn();
    const texts = Array.from({ length: 12_000 }, (_, nth) => `${nth},`);
    for (const text of texts) store.publish(text, { isKept: !text.endsWith("1,") });

    const heard = (await first) + (await feeding.take(texts.length - 1));
    const next = feeding.take(1);
    await turn();
    store.publish("end");

    expect(new Set(heard.split(","))).toEqual(new Set(texts.join("").split(",")));
    expect(await next).toBe("end");
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    "tells of all that was kept once and in order, whatever breaks off: %i",
    async (seed) => {
      const dice = new Dice(seed);
      const store = flakyStore({ page: 1 + dice.below(4) });
      const calm = seed % 2 === 0 ? 1 : 10;
      const feeding = listenTo(store);
      const expected: string[] = [];
      const heard: string[] = [];
      const listening = (async () => {
        for await (const { text } of feeding.heard) {
          heard.push(text);
          await turn(dice.below(40 / calm));
          if (text === "end") return;
        }
      })();

      await turn();
      for (let nth = 0; nth < 300 * calm; nth += 1) {
        const isKept = dice.below(4) > 0;
        if (isKept) expected.push(`${nth}`);
        store.publish(isKept ? `${nth}` : `other ${nth}`, { isKept });
        if (dice.below(25 * calm) === 0) store.breakOff();
        if (dice.below(30 * calm) === 0) store.fail(true);
        if (dice.below(10) === 0) store.fail(false);
        await turn(dice.below(40 / calm));
      }
      store.fail(false);
      store.publish("end");
      await listening;

      expect(heard.filter((text) => !text.startsWith("other"))).toEqual([...expected, "end"]);
      expect(new Set(heard).size).toBe(heard.length);
    },
  );
});

/** Lets others have their turn, many times: whatever can happen has happened. */
async function turn(times = 200): Promise<void> {
  for (let nth = 0; nth < times; nth += 1) await Promise.resolve();
}

function listenTo(
  store: EventStore,
  {
    beginning = {},
    now = () => 0,
    isOver = false,
  }: { beginning?: Beginning; now?: () => number; isOver?: boolean } = {},
) {
  const over = new AbortController();
  if (isOver) over.abort();
  const lost: Error[] = [];
  let found = 0;
  const pauses: number[] = [];
  const heard: AsyncGenerator<Heard, void> = feed(beginning, {
    store,
    signal: over.signal,
    now,
    onLost: (error) => void lost.push(error),
    onFound: () => void (found += 1),
    async sleep(seconds) {
      pauses.push(seconds);
      await turn(10);
    },
  });
  return {
    heard,
    lost,
    found: () => found,
    pauses,
    stop: () => over.abort(),
    take: async (count: number) => await textsOf(heard, count),
  };
}

/** The texts of so many events. */
async function textsOf(heard: AsyncGenerator<Heard, void>, count: number): Promise<string> {
  const texts: string[] = [];
  while (texts.length < count) {
    const { value, done } = await heard.next();
    if (done === true) return texts.join("");
    texts.push(value.text);
  }
  return texts.join("");
}
