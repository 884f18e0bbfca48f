import { memorySchedules } from "@umbel/memory";
import type { EntryChange, ScheduleStore } from "@umbel/protocol";
import { upstash, upstashSchedules } from "@umbel/upstash-redis";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClockedStore, serveClockedStore } from "../store.ts";

/** A call of the port, for whichever application. */
type Call = (store: ScheduleStore, app: string) => Promise<unknown>;

const start = Date.UTC(2026, 0, 1);
const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 600 : 40;

describe("the Redis schedule store and the reference", () => {
  let now = start;
  let redis: ClockedStore;
  const reference = memorySchedules({ now: () => now });

  beforeAll(async () => void (redis = await serveClockedStore(start)));
  afterAll(() => redis.stop());

  it("answer the same, whatever comes in whatever order", async () => {
    const store = upstashSchedules(upstash(redis.address)(() => undefined));
    const life = fc.array(fc.record({ call: calls(), pause: fc.constantFrom(0, 0, 1000) }), {
      maxLength: 30,
      size: "max",
    });
    await fc.assert(
      fc.asyncProperty(life, async (steps) => {
        const app = crypto.randomUUID();
        for (const { call, pause } of steps) {
          now += pause;
          if (pause > 0) await redis.setClock(now);
          expect(await call(store, app)).toStrictEqual(await call(reference, app));
        }
        expect(await store.entries({ app })).toStrictEqual(await reference.entries({ app }));
      }),
      { numRuns: runs },
    );
  });
});

/** Few values for everything, so that calls meet and instants coincide. */
function calls(): fc.Arbitrary<Call> {
  const name = fc.constantFrom("a", "b", "B", "", "漢", "\u{ff5e}", "🕰️");
  const text = fc.constantFrom("", "1", "2", "é\n");
  const limit = fc.constantFrom(1, 2, 100);
  const next = fc.constantFrom(-1, 0, 1000, 2000, 60_000, 3_600_000).map((later) => start + later);
  const entry = fc.record({ version: text, text, next }, { requiredKeys: ["version", "text"] });
  const change: fc.Arbitrary<EntryChange> = fc.record({ name, expected: text, entry }, { requiredKeys: ["name"] });
  const changes = fc.uniqueArray(change, { selector: (each) => each.name, maxLength: 4 });
  const within = fc.constantFrom(0, 1.5, 60);
  const changing = fc.record({ changes, plan: text }, { requiredKeys: ["changes"] });
  const skip = fc.constantFrom(0, 1, 3);
  const looking = fc.record({ within, limit, skip }, { requiredKeys: ["within", "limit"] });
  const listing = fc.record({ after: name, limit }, { requiredKeys: [] });
  const naming = fc.record(
    { names: fc.array(name, { maxLength: 4 }), after: name, limit },
    { requiredKeys: ["names"] },
  );
  return fc.oneof(
    {
      weight: 3,
      arbitrary: changing.map(
        (request): Call =>
          (store, app) =>
            store.change({ app, ...request }),
      ),
    },
    {
      weight: 1,
      arbitrary: looking.map(
        (request): Call =>
          (store, app) =>
            store.due({ app, ...request }),
      ),
    },
    {
      weight: 1,
      arbitrary: listing.map(
        (request): Call =>
          (store, app) =>
            store.entries({ app, ...request }),
      ),
    },
    {
      weight: 1,
      arbitrary: naming.map(
        (request): Call =>
          (store, app) =>
            store.entries({ app, ...request }),
      ),
    },
  );
}
