/**
 * Events as they are published.
 *
 * @module
 */

import { eventChannel } from "@umbel/protocol";
import { describe, expect, it, type TestContext } from "vitest";
import { eventually } from "./backend-harness.ts";
import {
  follow,
  type Followed,
  letterOf,
  type MonitorStoreHarness,
  notesOf,
  sightingOf,
  type StartMonitorStore,
  textsOf,
} from "./monitor-harness.ts";
import { claimOf, fenceOf, finishOf, newId } from "./requests.ts";

/** Tests `live`. */
export function describeLive(start: StartMonitorStore): void {
  /** `over` aborts when the test ends. */
  async function open({ skip, onTestFinished }: TestContext): Promise<Opened> {
    const harness = await start();
    const over = new AbortController();
    onTestFinished(() => over.abort());
    skip(!harness.isHeard, "cannot be subscribed to");
    return { harness, over: over.signal };
  }

  describe("live", () => {
    it("yields undefined first, and then each event from then on once, in order", async (context) => {
      const { harness, over } = await open(context);
      const letters = [letterOf("task-sent"), letterOf("worker-online"), letterOf("shop-opened")];
      await harness.backend.emit?.([letterOf("task-sent")]);

      const followed = await follow(harness, over);
      await harness.backend.emit?.(letters.slice(0, 2));
      await harness.backend.emit?.(letters.slice(2));

      expect(await heard(harness, followed, 3)).toEqual(textsOf(...letters));
      expect(followed.gaps()).toBe(1);
    });

    it("hears what claims, renewals and ends tell", async (context) => {
      const { harness, over } = await open(context);
      const { backend } = harness;
      const [online, heartbeat] = [letterOf("worker-online"), letterOf("worker-heartbeat")];
      const [received, started] = [letterOf("task-received"), letterOf("task-started")];
      const [succeeded, sent] = [letterOf("task-succeeded"), letterOf("task-sent")];
      const sighting = sightingOf({ online, heartbeat });
      const followed = await follow(harness, over);
      const id = newId();

      const notes = notesOf({ sighting, received: [received], started: [started] });
      const fence = fenceOf(await backend.claim(claimOf(id, { notes })));
      await backend.renew({ id, fence, lease: 600, retention: 3600, sighting });
      await backend.finish(finishOf(id, fence, { events: [succeeded, sent] }));

      const all = textsOf(online, received, started, heartbeat, succeeded, sent);
      expect(await heard(harness, followed, 6)).toEqual(all);
    });

    it("hears what others publish, which is not kept", async (context) => {
      const { harness, over } = await open(context);
      if (harness.publish === undefined) return context.skip("has no other senders");
      const letter = letterOf("task-succeeded");
      const followed = await follow(harness, over);

      await harness.publish(letter);

      expect(await heard(harness, followed, 1)).toEqual(textsOf(letter));
      expect(await harness.store.past({ limit: 10 })).toMatchObject({ events: [] });
    });

    it("hears what is no event as well, so that whoever reads it can count it", async (context) => {
      const { harness, over } = await open(context);
      const texts = ["garbage", "{}", "null", "[1]", "garbage, two", String.raw`{"a":[1,{"b":2}`, "\0\u0001", "0,", ""];
      const letters = texts.map((text) => ({ channel: eventChannel("task-sent"), text }));
      const followed = await follow(harness, over);

      for (const letter of letters) {
        if (harness.publish === undefined) await harness.backend.emit?.([letter]);
        else await harness.publish(letter);
      }

      expect(await heard(harness, followed, texts.length)).toEqual(texts);
    });

    it("tells each who follows all of it", async (context) => {
      const { harness, over } = await open(context);
      const letter = letterOf("task-sent");
      const [one, other] = [await follow(harness, over), await follow(harness, over)];

      await harness.backend.emit?.([letter]);

      expect(await heard(harness, one, 1)).toEqual(textsOf(letter));
      expect(await heard(harness, other, 1)).toEqual(textsOf(letter));
    });

    it("has in its past, once it has begun, whatever it will not yield", async (context) => {
      const { harness, over } = await open(context);
      const letters = Array.from({ length: 20 }, () => letterOf("task-sent"));
      const emitted = (async () => {
        for (const letter of letters) await harness.backend.emit?.([letter]);
      })();

      const followed = await follow(harness, over);
      const { events } = await harness.store.past({ limit: 100 });
      await emitted;

      const all = async () => new Set([...events.map(({ text }) => text), ...followed.texts]);
      const seen = await eventually(harness, all, ({ size }) => size >= letters.length);
      expect(seen).toEqual(new Set(textsOf(...letters)));
    });

    it("ends quietly when the signal aborts, before it has begun as well", async () => {
      const harness = await start();
      const stop = new AbortController();
      const followed = await follow(harness, stop.signal);

      stop.abort();

      await expect(followed.ended).resolves.toBeUndefined();
      for await (const item of harness.store.live(AbortSignal.abort())) expect(item).toBeUndefined();
    });

    it("says again and again that some may be missed where it cannot be subscribed to", async (context) => {
      const harness = await start();
      context.skip(harness.isHeard, "is subscribed to");
      const stop = new AbortController();
      context.onTestFinished(() => stop.abort());
      const followed = await follow(harness, stop.signal);

      const askGaps = async () => followed.gaps();

      expect(await eventually(harness, askGaps, (gaps) => gaps > 1)).toBeGreaterThan(1);
    });
  });
}

interface Opened {
  readonly harness: MonitorStoreHarness;
  readonly over: AbortSignal;
}

/** Waits until so many events have come, and returns all that have. */
async function heard(harness: MonitorStoreHarness, { texts }: Followed, count: number): Promise<readonly string[]> {
  return await eventually(
    harness,
    async () => [...texts],
    ({ length }) => length >= count,
  );
}
