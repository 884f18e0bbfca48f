/** What operators see of the Redis backend, and of the reference, after whatever calls in whatever order. */

import { memoryBackend } from "@umbel/memory";
import type { Backend, Claim, ClaimNotes, ClaimRequest, DirectivesChange, EventLetter, Fence } from "@umbel/protocol";
import type {
  FinishRequest,
  MonitorStore,
  RenewRequest,
  RevokeRequest,
  SettleRequest,
  Sighting,
} from "@umbel/protocol";
import { upstash, upstashMonitor, withAttempts } from "@umbel/upstash-redis";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClockedStore, serveClockedStore } from "../store.ts";

/** Notes; whether the newest directives are known to who claims is drawn, too. */
type DrawnNotes = Omit<ClaimNotes, "directives"> & { readonly isUpToDate: boolean };

/** A call for one of two tasks. */
type Call =
  | { readonly kind: "claim"; readonly request: ClaimRequest; readonly notes?: DrawnNotes }
  | { readonly kind: "renew"; readonly request: RenewRequest }
  | { readonly kind: "finish"; readonly request: FinishRequest }
  | { readonly kind: "settle"; readonly request: SettleRequest }
  | { readonly kind: "revoke"; readonly request: RevokeRequest }
  | { readonly kind: "emit"; readonly letters: readonly EventLetter[] }
  | { readonly kind: "leave"; readonly worker: string }
  | { readonly kind: "direct"; readonly change: Omit<DirectivesChange, "from">; readonly isUpToDate: boolean };

/** One of the two, with the revisions of its directives, oldest first: each store has names of its own for them. */
interface Side {
  readonly backend: Backend;
  readonly monitor: MonitorStore;
  readonly revisions: string[];
}

const start = Date.UTC(2026, 0, 1);
const ids = ["one", "two"];
const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 400 : 40;

describe("the Redis backend and the reference", () => {
  let now = start;
  let store: ClockedStore;

  beforeAll(async () => void (store = await serveClockedStore(start)));
  afterAll(() => store.stop());

  it("show operators the same, whatever comes in whatever order", async () => {
    const step = fc.record({
      call: calls(),
      pause: fc.constantFrom(0, 0, 1000, 2000),
      isLookedAt: fc.constantFrom(true, false, false),
    });
    const lives = fc.array(step, { maxLength: 30, size: "max" });
    await fc.assert(
      fc.asyncProperty(lives, async (life) => {
        await moveTo(start);
        const sides = [redisSide(), memorySide()] as const;
        for (const { call, pause, isLookedAt } of life) {
          await moveTo(now + pause);
          const [redis, memory] = await Promise.all(sides.map((side) => perform(side, call)));
          expect(redis).toEqual(memory);
          if (!isLookedAt) continue;
          const [shown, expected] = await Promise.all(sides.map(look));
          expect(shown).toEqual(expected);
        }
      }),
      { numRuns: runs },
    );
  });

  async function moveTo(instant: number): Promise<void> {
    if (instant !== now) await store.setClock(instant);
    now = instant;
  }

  function redisSide(): Side {
    const connected = upstash({ ...store.address, prefix: `${crypto.randomUUID()}:` })(() => undefined);
    return { backend: withAttempts(connected), monitor: upstashMonitor(connected), revisions: [] };
  }

  function memorySide(): Side {
    const backend = memoryBackend({ now: () => now });
    return { backend, monitor: backend.monitor, revisions: [] };
  }
});

/** Makes a call; the answer, with revisions as numbers. */
async function perform(side: Side, call: Call): Promise<unknown> {
  const { backend, monitor } = side;
  switch (call.kind) {
    case "claim":
      return numbered(side, await backend.claim({ ...call.request, ...notesFor(side, call.notes) }));
    case "renew":
      return await backend.renew(call.request);
    case "finish":
      return await backend.finish(call.request);
    case "settle":
      return await backend.settle([call.request]);
    case "revoke":
      return await backend.revoke(call.request);
    case "emit":
      return await backend.emit?.(call.letters);
    case "leave":
      return await monitor.leave(call.worker);
    case "direct":
      return await direct(side, { ...call.change, from: revisionKnown(side, call.isUpToDate) });
  }
}

function numbered({ revisions }: Side, { directives, ...answer }: Claim): object {
  return directives ? { ...answer, revision: revisions.indexOf(directives.revision), text: directives.text } : answer;
}

async function direct({ monitor, revisions }: Side, change: DirectivesChange): Promise<string | undefined> {
  const made = await monitor.direct(change);
  if (made) revisions.push(made.revision);
  return made?.text;
}

function notesFor(side: Side, drawn: DrawnNotes | undefined): Pick<ClaimRequest, "notes"> {
  if (!drawn) return {};
  const { isUpToDate, ...notes } = drawn;
  return { notes: { ...notes, directives: revisionKnown(side, isUpToDate) } };
}

function revisionKnown({ revisions }: Side, isUpToDate: boolean): string {
  return (isUpToDate ? revisions.at(-1) : undefined) ?? "";
}

/** All that operators see. A mark's end is known to no millisecond: it may outlive what was asked for, with its record. */
async function look({ monitor }: Side): Promise<unknown> {
  const { events, more } = await monitor.past({ limit: 100 });
  return {
    events: events.map(({ at, text }) => ({ at, text })),
    more,
    workers: await monitor.workers(),
    active: await monitor.active({ limit: 10 }),
    records: await monitor.records(ids),
    revoked: (await monitor.revoked({ limit: 10 })).items.toSorted(),
    counts: await monitor.counts(),
    directives: (await monitor.directives())?.text,
  };
}

/**
 * Early claims are not among them: renewed, which takes a very slow broker, they are active in Redis and not in the reference.
 *
 * Few values for everything, so that calls meet and instants coincide; short lives among them, so that things end in between.
 */
function calls(): fc.Arbitrary<Call> {
  const count = fc.constantFrom(0, 0, 0, 1);
  const id = fc.constantFrom("one", "one", "two");
  const fence: fc.Arbitrary<Fence> = fc.record({ retries: count, generation: count, epoch: count });
  const lease = fc.constantFrom(1, 3, 5);
  const retention = fc.constant(3600);
  const ended = fc.constantFrom("SUCCESS" as const, "FAILURE" as const, "REVOKED" as const);
  const state = fc.oneof(ended, fc.constantFrom("RETRY" as const, "REJECTED" as const));
  const worker = fc.constantFrom("a@shop", "漢@shop");
  const queue = fc.constantFrom("default", "mail");

  const requests = {
    claim: fc.record(
      {
        id,
        retries: count,
        generation: count,
        token: fc.constantFrom("x", "y", "z"),
        lease,
        retention,
        hardLimit: fc.constantFrom(1, 3),
        expires: fc.constant(start + 2000),
        undeliverable: fc.boolean(),
      },
      { requiredKeys: ["id", "retries", "generation", "token", "lease", "retention"] },
    ),
    renew: fc.record(
      { id, fence, lease, retention, sighting: sightings(worker) },
      { requiredKeys: ["id", "fence", "lease", "retention"] },
    ),
    finish: fc.record({ id, fence, state, effects: fc.constant([]), retention, events: letters("task.ended") }),
    settle: fc.record({ id, state: ended, retention }),
    revoke: fc.record({ ids: fc.constantFrom(["one"], ["two"], ids), terminate: fc.boolean(), retention }),
  };
  const notes: fc.Arbitrary<DrawnNotes> = worker.chain((name) =>
    fc.record(
      {
        worker: fc.constant(name),
        queue,
        task: fc.constantFrom("shop.add", "漢"),
        about: fc.constantFrom("{}", '"漢"'),
        received: letters("task.received"),
        started: letters("task.started"),
        sighting: sightings(fc.constant(name)),
        isUpToDate: fc.boolean(),
      },
      { requiredKeys: ["worker", "queue", "task", "about", "isUpToDate"] },
    ),
  );
  const change = fc.record({
    text: fc.constantFrom("{}", '{"note":"漢"}'),
    paused: fc.subarray(["default", "mail"]),
    drained: fc.subarray(["a@shop"]),
  });

  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("claim" as const), request: requests.claim, notes }) },
    { weight: 1, arbitrary: requests.claim.map((request) => ({ kind: "claim" as const, request })) },
    { weight: 3, arbitrary: requests.renew.map((request) => ({ kind: "renew" as const, request })) },
    { weight: 3, arbitrary: requests.finish.map((request) => ({ kind: "finish" as const, request })) },
    { weight: 1, arbitrary: requests.settle.map((request) => ({ kind: "settle" as const, request })) },
    { weight: 1, arbitrary: requests.revoke.map((request) => ({ kind: "revoke" as const, request })) },
    { weight: 1, arbitrary: letters("shop.opened").map((given) => ({ kind: "emit" as const, letters: given })) },
    { weight: 1, arbitrary: worker.map((name) => ({ kind: "leave" as const, worker: name })) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("direct" as const), change, isUpToDate: fc.boolean() }) },
  );
}

function sightings(worker: fc.Arbitrary<string>): fc.Arbitrary<Sighting> {
  const text = fc.constantFrom("{}", '"漢"');
  const life = fc.constantFrom(2, 5, 3600);
  const all = {
    worker,
    text,
    life,
    online: fc.constant(letterOf("worker.online")),
    heartbeat: fc.constant(letterOf("worker.heartbeat")),
  };
  return fc.record(all, { requiredKeys: ["worker", "text", "life"] });
}

function letters(type: string): fc.Arbitrary<readonly EventLetter[]> {
  return fc.constantFrom([], [letterOf(type)]);
}

function letterOf(type: string): EventLetter {
  return { channel: `/0.celeryev/${type}`, text: `${type} 漢` };
}
