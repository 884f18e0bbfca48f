/**
 * Events of the recent past.
 *
 * @module
 */

import type { EventLetter, KeptEvent, PastRequest } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import {
  keptTexts,
  letterOf,
  type MonitorStoreHarness,
  notesOf,
  type StartMonitorStore,
  textsOf,
} from "./monitor-harness.ts";
import { claimOf, newId } from "./requests.ts";

/** Tests `past`, and `emit`, which brings about what it shows. */
export function describePast(start: StartMonitorStore): void {
  describe("past", () => {
    it("is empty where nothing was told", async () => {
      const { backend, store } = await start();

      await backend.emit?.([]);

      expect(await store.past({ limit: 10 })).toStrictEqual({ events: [], more: false });
      expect(await store.past({ limit: 10, newest: true })).toStrictEqual({ events: [], more: false });
    });

    it("has what was emitted, the oldest first, as it was and with the store's time", async () => {
      const harness = await start();
      const letters = [letterOf("task-sent"), letterOf("shop-opened"), letterOf("task-sent")];
      await emit(harness, letters.slice(0, 2));
      await harness.pass(harness.moment);
      await emit(harness, letters.slice(2));

      const { events, more } = await harness.store.past({ limit: 10 });

      expect(events.map(({ text }) => text)).toEqual(textsOf(...letters));
      expect(more).toBe(false);
      expect(new Set(events.map(({ id }) => id)).size).toBe(3);
      const [first = 0, second = 0, third = 0] = events.map(({ at }) => at);
      expect(Number.isInteger(first)).toBe(true);
      expect(second).toBeGreaterThanOrEqual(first);
      expect(third).toBeGreaterThan(second);
    });

    it.each(["garbage", "", "1.5-0", "-1-0", "99999999999999999999999999999-0", "$", "(1-1"])(
      "refuses %j, which is the id of no event",
      async (after) => {
        const harness = await start();
        await emit(harness, [letterOf("task-sent")]);

        await expect(harness.store.past({ after, limit: 1 })).rejects.toMatchObject({ code: "IMPROPERLY_CONFIGURED" });
      },
    );

    it("comes in pages, none of which has what another has, and nothing is left out", async () => {
      const harness = await start();
      const letters = Array.from({ length: 7 }, () => letterOf("task-sent"));
      for (const part of [letters.slice(0, 4), letters.slice(4)]) await emit(harness, part);

      const look = pager(harness);
      const pages = [await look(3), await look(3), await look(3), await look(3)];

      expect(pages).toEqual([
        { texts: textsOf(...letters.slice(0, 3)), more: true },
        { texts: textsOf(...letters.slice(3, 6)), more: true },
        { texts: textsOf(...letters.slice(6)), more: false },
        { texts: [], more: false },
      ]);
    });

    it("goes on behind a place with what has come since", async () => {
      const harness = await start();
      const [before, after] = [letterOf("task-sent"), letterOf("task-sent")];
      await emit(harness, [before]);
      const look = pager(harness);
      await look(10);

      await emit(harness, [after]);

      expect(await look(10)).toEqual({ texts: textsOf(after), more: false });
    });

    it("has what is from an instant on, that instant included", async () => {
      const harness = await start();
      const letters = Array.from({ length: 3 }, () => letterOf("task-sent"));
      for (const letter of letters) {
        await emit(harness, [letter]);
        await harness.pass(harness.moment);
      }
      const [first, second, third] = await placesIn(harness);
      const since = async (request: Omit<PastRequest, "limit">) =>
        (await harness.store.past({ ...request, limit: 10 })).events.map(({ text }) => text);

      expect(await since({ since: 0 })).toHaveLength(3);
      expect(await since({ since: second.at })).toEqual(textsOf(...letters.slice(1)));
      expect(await since({ since: third.at + 1 })).toEqual([]);
      expect(await since({ since: 0, after: second.id })).toEqual(textsOf(...letters.slice(2)));
      expect(await since({ since: third.at, after: first.id })).toEqual(textsOf(...letters.slice(2)));
    });

    it("gives the last ones where the newest are asked for", async () => {
      const harness = await start();
      const letters = Array.from({ length: 5 }, () => letterOf("task-sent"));
      await emit(harness, letters);
      const newest = async (limit: number) => {
        const { events, more } = await harness.store.past({ limit, newest: true });
        return { texts: events.map(({ text }) => text), more };
      };

      expect(await newest(1)).toEqual({ texts: textsOf(...letters.slice(4)), more: false });
      expect(await newest(2)).toEqual({ texts: textsOf(...letters.slice(3)), more: false });
      expect(await newest(9)).toEqual({ texts: textsOf(...letters), more: false });
    });

    it("is counted as long as the store is there", async () => {
      const harness = await start();
      const { backend, store } = harness;
      await emit(harness, [letterOf("task-sent"), letterOf("task-sent")]);
      await backend.claim(claimOf(newId(), { notes: notesOf({ received: [letterOf("task-received")] }) }));

      expect((await store.counts()).events).toBe(3);
      expect(await keptTexts(store)).toHaveLength(3);
    });
  });
}

async function emit(harness: MonitorStoreHarness, letters: readonly EventLetter[]): Promise<void> {
  expect(harness.backend).toHaveProperty("emit");
  await harness.backend.emit?.(letters);
}

/** The three events that a test has told. */
async function placesIn({ store }: MonitorStoreHarness): Promise<readonly [KeptEvent, KeptEvent, KeptEvent]> {
  const [first, second, third] = (await store.past({ limit: 10 })).events;
  if (first && second && third) return [first, second, third];
  throw new Error("three events are kept");
}

interface Page {
  readonly texts: readonly string[];
  readonly more: boolean;
}

/** Looks at page after page, of so many at most. */
function pager({ store }: MonitorStoreHarness): (limit: number) => Promise<Page> {
  let after: string | undefined;
  return async (limit) => {
    const { events, more } = await store.past({ limit, ...(after !== undefined && { after }) });
    after = events.at(-1)?.id ?? after;
    return { texts: events.map(({ text }) => text), more };
  };
}
