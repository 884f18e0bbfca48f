import * as fc from "fast-check";
import { expect, it, onTestFinished, vi } from "vitest";

import { readDraft } from "../src/push/draft.ts";
import { createPushGateway } from "../src/push/gateway.ts";
import type { Message } from "../src/push/message.ts";
import { openServices, type Services } from "../src/push/services.ts";
import { settle } from "../src/push/settlement.ts";
import { openDatabase } from "../src/store/database.ts";

const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 2000 : 100;
const capacity = 5;
const policy = { maxTimeout: 60, allow: () => true };

/** Lanes, and most messages begun at once in each; `rate` deliveries in ten seconds in the last. */
const lanes = {
  free: { headers: {}, most: Infinity },
  line: { queue: "line", headers: {}, most: 1 },
  wide: { queue: "wide", headers: {}, most: 2 },
  pair: { headers: { "Upstash-Flow-Control-Key": "pair", "Upstash-Flow-Control-Value": "parallelism=2" }, most: 2 },
  slow: {
    headers: { "Upstash-Flow-Control-Key": "slow", "Upstash-Flow-Control-Value": "rate=2, period=10s" },
    most: Infinity,
  },
} as const;

type LaneName = keyof typeof lanes;

type Step =
  | {
      readonly kind: "publish";
      readonly lane: LaneName;
      readonly host: string;
      readonly delay: number;
      readonly callback: boolean;
    }
  | { readonly kind: "end"; readonly pick: number; readonly status: number }
  | { readonly kind: "advance"; readonly seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("publish" as const),
    lane: fc.constantFrom(...(["free", "line", "wide", "pair", "slow"] as const)),
    host: fc.constantFrom("one.example", "two.example", "three.example"),
    delay: fc.constantFrom(0, 0, 0, 5),
    callback: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("end" as const), pick: fc.nat(), status: fc.constantFrom(200, 200, 500) }),
  fc.record({ kind: fc.constant("advance" as const), seconds: fc.constantFrom(1, 5, 11, 60) }),
);

/** The stores, driven as the dispatcher drives them: a look after each change, and when the last look said so. */
interface World extends Services {
  now: number;
  next: number | undefined;
  readonly delivering: Message[];
  /** Ids, in the order in which their first delivery began. */
  readonly begun: string[];
  readonly accepted: { readonly id: string; readonly lane: LaneName; readonly delay: number }[];
  /** Instants at which deliveries of the lane `slow` began. */
  readonly slowStarts: number[];
}

function startWorld(): World {
  let count = 0;
  const services = openServices({
    database: openDatabase(":memory:"),
    signingKeys: { current: "a", next: "b" },
    newId: () => `msg_${(count += 1)}`,
    deadLetterRetention: 1e6,
  });
  services.queues.upsert({ name: "wide", parallelism: 2, paused: false }, 0);
  return { ...services, now: 1_000_000, next: undefined, delivering: [], begun: [], accepted: [], slowStarts: [] };
}

function look(world: World): void {
  const { messages, next } = world.claim(world.now, capacity - world.delivering.length);
  for (const message of messages) {
    world.delivering.push(message);
    world.open.begin(message);
    if (!world.begun.includes(message.id)) world.begun.push(message.id);
    if (message.lane === "flow:slow") world.slowStarts.push(world.now);
  }
  world.next = next;
}

function take(world: World, action: Step): void {
  if (action.kind === "publish") publish(world, action);
  else if (action.kind === "end") end(world, action.pick, action.status);
  else advance(world, world.now + action.seconds * 1000);
  look(world);
}

function publish(world: World, { lane, host, delay, callback }: Step & { kind: "publish" }): void {
  const { headers } = lanes[lane];
  const told = callback ? { "Upstash-Callback": "http://told.example/" } : {};
  const all = new Headers({
    ...headers,
    ...told,
    "Upstash-Delay": `${delay}s`,
    "Upstash-Retries": "2",
    "Upstash-Retry-Delay": "2000",
  });
  const draft = readDraft(`http://${host}/`, all, policy);
  const queued = lane === "line" || lane === "wide" ? { ...draft, queue: lane } : draft;
  const { messageId } = world.messages.accept({ draft: queued, body: new Uint8Array() }, world.now);
  world.accepted.push({ id: messageId, lane, delay });
}

function end(world: World, pick: number, status: number): void {
  const [message] = world.delivering.splice(pick % Math.max(1, world.delivering.length), 1);
  if (message === undefined) return;
  world.open.end(message);
  settle(world.messages, { message, answer: { status, headers: {}, body: new Uint8Array() } }, world.now);
}

/** Time passes, and the alarm rings whenever the last look said so. */
function advance(world: World, until: number): void {
  while (world.next !== undefined && world.next <= until) {
    world.now = Math.max(world.now, world.next);
    look(world);
  }
  world.now = until;
}

function check(world: World): void {
  expect(world.delivering.length).toBeLessThanOrEqual(capacity);
  const inLane = (lane: string): number => world.delivering.filter((message) => message.lane === lane).length;
  expect(inLane("queue:line")).toBeLessThanOrEqual(1);
  expect(inLane("queue:wide")).toBeLessThanOrEqual(2);
  expect(inLane("flow:pair")).toBeLessThanOrEqual(2);
  // A look that did not take all that it could take is a message that waits for nothing.
  expect(world.claim(world.now, capacity - world.delivering.length).messages).toEqual([]);
}

/** Every delivery succeeds from now on, and time goes on only when an alarm is set. */
function drain(world: World): void {
  for (let turn = 0; turn < 1000; turn += 1) {
    if (world.delivering.length > 0) take(world, { kind: "end", pick: 0, status: 200 });
    else if (world.next === undefined) return;
    else advance(world, world.next);
  }
  throw new Error("It goes on for ever");
}

it("whatever happens, limits hold, queues keep their order, and everything ends", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = startWorld();
      for (const each of steps) {
        take(world, each);
        check(world);
      }
      drain(world);

      for (const lane of ["line", "wide"]) {
        const sent = world.accepted.filter((each) => each.lane === lane && each.delay === 0).map(({ id }) => id);
        const known = new Set(sent);
        expect(world.begun.filter((id) => known.has(id))).toEqual(sent);
      }
      expect(world.accepted.filter(({ id }) => !world.begun.includes(id))).toEqual([]);
      expect(world.accepted.filter(({ id }) => world.messages.pending(id) !== undefined)).toEqual([]);
      const windows = world.slowStarts.map(
        (start) => world.slowStarts.filter((other) => other >= start && other < start + 10_000).length,
      );
      expect(Math.max(0, ...windows)).toBeLessThanOrEqual(4);
      world.database.close();
    }),
    { numRuns: runs },
  );
});

it("one timer stands while something waits for its time, and none while nothing does", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const signing = { currentSigningKey: "sig_c", nextSigningKey: "sig_n" };
  const gateway = createPushGateway({ database: ":memory:", token: "t", ...signing });
  onTestFinished(() => gateway.close());
  const ask = (method: string, path: string, delay = "1h"): Response | Promise<Response> =>
    gateway.app.request(path, { method, headers: { Authorization: "Bearer t", "Upstash-Delay": delay } });
  const timers: number[] = [];

  gateway.start();
  await ask("DELETE", "/v2/messages");
  timers.push(vi.getTimerCount());
  await ask("POST", "/v2/publish/http://127.0.0.1:9/");
  await ask("POST", "/v2/publish/http://127.0.0.1:9/", "30d");
  timers.push(vi.getTimerCount());
  await ask("DELETE", "/v2/messages");
  timers.push(vi.getTimerCount());

  expect(timers).toEqual([0, 1, 0]);
});
