import { memoryBackend } from "@umbel/memory";
import type { Backend, ClaimNotes, ClaimRequest, DirectivesChange } from "@umbel/protocol";
import type { EventLetter, MonitorStore, Sighting } from "@umbel/protocol";
import { upstash, upstashMonitor, withAttempts } from "@umbel/upstash-redis";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClockedStore, serveClockedStore } from "../store.ts";

/** A backend, and what operators see of it. */
interface Place {
  readonly backend: Backend;
  readonly monitor: MonitorStore;
}

/** What is done at such a place. */
type Deed = (place: Place) => Promise<unknown>;

const start = Date.UTC(2026, 0, 1);
const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 500 : 50;
const ids = ["a", "b", "c"];

describe("the Redis backend and the reference", () => {
  let now = start;
  let store: ClockedStore;

  beforeAll(async () => void (store = await serveClockedStore(start)));
  afterAll(() => store.stop());

  /** Sets the clock of both. */
  async function moveTo(instant: number): Promise<void> {
    if (instant !== now) await store.setClock(instant);
    now = instant;
  }

  it("show operators the same, whatever comes in whatever order", async () => {
    const lives = fc.array(fc.record({ deed: deeds(), pause: fc.constantFrom(0, 1000, 4000, 20_000) }), {
      maxLength: 20,
      size: "max",
    });
    await fc.assert(
      fc.asyncProperty(lives, async (life) => {
        await moveTo(start);
        const memory = memoryBackend({ now: () => now });
        const redis = upstash({ ...store.address, prefix: crypto.randomUUID() })(() => undefined);
        const reference = { backend: memory, monitor: memory.monitor };
        const place = { backend: withAttempts(redis), monitor: upstashMonitor(redis) };
        for (const { deed, pause } of life) {
          await moveTo(now + pause);
          expect(await deed(place)).toEqual(await deed(reference));
        }
        expect(await seenOf(place)).toEqual(await seenOf(reference));
      }),
      { numRuns: runs },
    );
  });
});

/** All that operators see; marks end in whatever order their records do, and revisions are each store's own. */
async function seenOf({ monitor }: Place): Promise<unknown> {
  const { events } = await monitor.past({ limit: 1000 });
  return {
    events: events.map(({ at, text }) => ({ at, text })),
    workers: await monitor.workers(),
    active: await monitor.active({ limit: 100 }),
    records: await monitor.records([...ids, "unknown"]),
    revoked: (await monitor.revoked({ limit: 100 })).items.toSorted(),
    counts: await monitor.counts(),
    directives: (await monitor.directives())?.text,
  };
}

/** Few values for everything, so that deeds meet, and instants coincide. */
function deeds(): fc.Arbitrary<Deed> {
  const id = fc.constantFrom(...ids);
  const count = fc.constantFrom(0, 0, 0, 1);
  const fence = fc.record({ retries: count, generation: count, epoch: count });
  const lease = fc.constantFrom(1, 3, 30);
  const retention = fc.constantFrom(3600, 3600, 40);
  const state = fc.constantFrom("SUCCESS" as const, "FAILURE" as const, "RETRY" as const, "REJECTED" as const);
  const ended = { state, events: letters(), effects: fc.constant([]) };
  const names = fc.uniqueArray(fc.constantFrom("q", "漢"), { maxLength: 1 });
  const drained = fc.uniqueArray(fc.constantFrom("w1", "w2"), { maxLength: 1 });
  const change = { isCurrent: fc.boolean(), text: fc.constantFrom("{}", "[]"), paused: names, drained };
  const worker = fc.constantFrom("w1", "w2");

  return fc.oneof(
    {
      weight: 8,
      arbitrary: claims().map(
        (request): Deed =>
          ({ backend }) =>
            answerOf(backend, request),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.record({ id, fence, lease, retention, sighting: sighting() }).map(
        (request): Deed =>
          ({ backend }) =>
            backend.renew(request),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.record({ id, fence, retention, ...ended }).map(
        (request): Deed =>
          ({ backend }) =>
            backend.finish(request),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.record({ id, state: fc.constant("REVOKED" as const), retention }).map(
        (request): Deed =>
          ({ backend }) =>
            backend.settle([request]),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.record({ ids: fc.tuple(id), terminate: fc.boolean(), retention }).map(
        (request): Deed =>
          ({ backend }) =>
            backend.revoke(request),
      ),
    },
    {
      weight: 1,
      arbitrary: letters().map(
        (events): Deed =>
          async ({ backend }) =>
            await backend.emit?.(events),
      ),
    },
    {
      weight: 1,
      arbitrary: worker.map(
        (name): Deed =>
          ({ monitor }) =>
            monitor.leave(name),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.record(change).map(
        (asked): Deed =>
          ({ monitor }) =>
            direct(monitor, asked),
      ),
    },
  );
}

function claims(): fc.Arbitrary<ClaimRequest> {
  const count = fc.constantFrom(0, 0, 0, 1);
  const time = fc.constantFrom(1, 3, 30);
  return fc.record(
    {
      id: fc.constantFrom(...ids),
      retries: count,
      generation: count,
      token: fc.constantFrom("x", "y", "z"),
      lease: time,
      retention: fc.constantFrom(3600, 3600, 40),
      hardLimit: time,
      expires: fc.constant(start + 3000),
      undeliverable: fc.boolean(),
      once: fc.boolean(),
      early: fc.boolean(),
      notes: notes(),
    },
    { requiredKeys: ["id", "retries", "generation", "token", "lease", "retention"] },
  );
}

/** A revision is known, or none is: each store has its own. */
async function answerOf(backend: Backend, request: ClaimRequest): Promise<unknown> {
  const { directives, ...answer } = await backend.claim(request);
  return { ...answer, text: directives?.text };
}

/** What is changed without having been read is refused, unless nothing was there. */
async function direct(monitor: MonitorStore, { isCurrent, ...change }: Asked): Promise<unknown> {
  const from = isCurrent ? ((await monitor.directives())?.revision ?? "") : "";
  return (await monitor.direct({ ...change, from }))?.text;
}

interface Asked extends Omit<DirectivesChange, "from"> {
  readonly isCurrent: boolean;
}

function letter(): fc.Arbitrary<EventLetter> {
  return fc.record({ channel: fc.constant("/0.celeryev/x"), text: fc.constantFrom("{}", '{"body":"漢"}') });
}

function letters(): fc.Arbitrary<readonly EventLetter[]> {
  return fc.array(letter(), { maxLength: 2 });
}

function sighting(worker: fc.Arbitrary<string> = fc.constantFrom("w1", "w2")): fc.Arbitrary<Sighting> {
  const said = { worker, text: fc.constantFrom("{}", '{"region":"漢"}'), life: fc.constantFrom(3, 30) };
  return fc.record({ ...said, online: letter(), heartbeat: letter() }, { requiredKeys: ["worker", "text", "life"] });
}

/** What a claim of one of two workers tells. */
function notes(): fc.Arbitrary<ClaimNotes> {
  const said = {
    queue: fc.constantFrom("q", "漢", "other"),
    task: fc.constantFrom("shop.add", "漢"),
    about: fc.constantFrom("{}", '{"args":"漢"}'),
    directives: fc.constantFrom("", "lost"),
  };
  return fc.constantFrom("w1", "w2").chain((name) => {
    const worker = fc.constant(name);
    return fc.record(
      { worker, ...said, received: letters(), started: letters(), sighting: sighting(worker) },
      { requiredKeys: ["worker", "queue", "task", "about", "directives"] },
    );
  });
}
