import { memoryBackend } from "@umbel/memory";
import type { Backend, ClaimRequest, FinishRequest, JoinRequest, ProgressRequest } from "@umbel/protocol";
import type { RenewRequest, ResultMeta, RevokeRequest, SettleRequest } from "@umbel/protocol";
import { upstash, withAttempts } from "@umbel/upstash-redis";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClockedStore, serveClockedStore } from "../store.ts";

/** A call of the port, for whichever task. */
type Call =
  | { readonly kind: "claim"; readonly request: Omit<ClaimRequest, "id"> }
  | { readonly kind: "renew"; readonly request: Omit<RenewRequest, "id"> }
  | { readonly kind: "progress"; readonly request: Omit<ProgressRequest, "id"> }
  | { readonly kind: "finish"; readonly request: Omit<FinishRequest, "id"> }
  | { readonly kind: "settle"; readonly request: Omit<SettleRequest, "id"> }
  | { readonly kind: "revoke"; readonly request: Omit<RevokeRequest, "ids"> }
  | { readonly kind: "join"; readonly request: Omit<JoinRequest, "group"> };

const start = Date.UTC(2026, 0, 1);
const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 5_000 : 100;

describe("the Redis backend and the reference", () => {
  let now = start;
  let store: ClockedStore;
  const reference = memoryBackend({ now: () => now });

  beforeAll(async () => void (store = await serveClockedStore(start)));
  afterAll(() => store.stop());

  /** Sets the clock of both. */
  async function moveTo(instant: number): Promise<void> {
    if (instant !== now) await store.setClock(instant);
    now = instant;
  }

  it("answer the same, whatever comes in whatever order", async () => {
    const backend = withAttempts(upstash(store.address)(() => undefined));
    const lives = fc.array(fc.record({ call: calls(), pause: fc.constantFrom(0, 1000, 2000) }), {
      maxLength: 30,
      size: "max",
    });
    await fc.assert(
      fc.asyncProperty(lives, async (life) => {
        const id = crypto.randomUUID();
        await moveTo(start);
        for (const { call, pause } of life) {
          await moveTo(now + pause);
          expect(await perform(backend, call, id)).toEqual(await perform(reference, call, id));
          expect(await backend.read([id])).toEqual(await reference.read([id]));
        }
      }),
      { numRuns: runs },
    );
  });
});

function perform(backend: Backend, { kind, request }: Call, id: string): Promise<unknown> {
  switch (kind) {
    case "claim":
      return backend.claim({ id, ...request });
    case "renew":
      return backend.renew({ id, ...request });
    case "progress":
      return backend.progress({ id, ...request });
    case "finish":
      return backend.finish({ id, ...request });
    case "settle":
      return backend.settle([{ id, ...request }]);
    case "revoke":
      return backend.revoke({ ids: [id], ...request });
    case "join":
      return backend.join({ group: id, ...request });
  }
}

/** Few values for everything, so that calls meet and instants coincide; short lives among them, so that records end in between. */
function calls(): fc.Arbitrary<Call> {
  const count = fc.constantFrom(0, 0, 0, 1);
  const fence = fc.record({ retries: count, generation: count, epoch: count });
  const time = fc.constantFrom(0.001, 1, 3);
  const retention = fc.constantFrom(3600, 3600, 3600, 3);
  const result = fc.constantFrom("STARTED", "SUCCESS", "RETRY").map(resultOf);
  const ended = fc.constantFrom("SUCCESS" as const, "FAILURE" as const, "REVOKED" as const, "IGNORED" as const);
  const state = fc.oneof(ended, fc.constantFrom("RETRY" as const, "REJECTED" as const, "REPLACED" as const));
  const effects = fc.constantFrom([], [{ kind: "settle" as const, id: "next", state: "FAILURE" as const }]);
  const member = fc.constantFrom("m1", "m2", "m3");
  const part = fc.record(
    {
      id: member,
      index: fc.constantFrom(0, 1, null),
      added: fc.constantFrom([0, 0], [0, 1]),
      state: ended,
      result: fc.constantFrom(1, "漢", null),
    },
    { requiredKeys: ["id", "index", "state", "result"] },
  );
  const adds = fc.array(member, { maxLength: 2 });

  const claim = fc.record(
    {
      retries: count,
      generation: count,
      token: fc.constantFrom("x", "y", "z"),
      lease: time,
      retention,
      hardLimit: time,
      expires: fc.constant(start + 2000),
      undeliverable: fc.boolean(),
      once: fc.boolean(),
      declined: fc.boolean(),
      started: result,
    },
    { requiredKeys: ["retries", "generation", "token", "lease", "retention"] },
  );
  const stored = { result, resultExpires: fc.constantFrom(3600, 2) };
  const requests = {
    renew: fc.record({ fence, lease: time, retention }),
    progress: fc.record({ fence, ...stored }, { requiredKeys: ["fence", "result"] }),
    finish: fc.record(
      { fence, state, effects, retention, ...stored },
      { requiredKeys: ["fence", "state", "effects", "retention"] },
    ),
    settle: fc.record({ state: ended, retention, ...stored }, { requiredKeys: ["state", "retention"] }),
    revoke: fc.record({ terminate: fc.boolean(), retention }),
    join: fc.record(
      { size: fc.constantFrom(1, 2, 3), part, adds, retention },
      { requiredKeys: ["size", "part", "retention"] },
    ),
  };

  return fc.oneof(
    { weight: 6, arbitrary: claim.map((request) => ({ kind: "claim" as const, request })) },
    { weight: 2, arbitrary: requests.renew.map((request) => ({ kind: "renew" as const, request })) },
    { weight: 2, arbitrary: requests.progress.map((request) => ({ kind: "progress" as const, request })) },
    { weight: 3, arbitrary: requests.finish.map((request) => ({ kind: "finish" as const, request })) },
    { weight: 1, arbitrary: requests.settle.map((request) => ({ kind: "settle" as const, request })) },
    { weight: 1, arbitrary: requests.revoke.map((request) => ({ kind: "revoke" as const, request })) },
    { weight: 3, arbitrary: requests.join.map((request) => ({ kind: "join" as const, request })) },
  );
}

function resultOf(status: string): ResultMeta {
  return { status, result: "漢", traceback: null, children: [], date_done: null, task_id: "task" };
}
