import * as fc from "fast-check";
import { expect, it, onTestFinished, vi } from "vitest";

import { readDraft } from "../src/push/draft.ts";
import { createPushGateway } from "../src/push/gateway.ts";
import type { Message } from "../src/push/message.ts";
import { openServices, type Services } from "../src/push/services.ts";
import { settle } from "../src/push/settlement.ts";
import { type Database, openDatabase } from "../src/store/database.ts";

const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 2000 : 100;
const capacity = 5;
const policy = { maxTimeout: 60, allow: () => true };

/** Lanes, and the headers of what is published in them. */
const lanes = {
  free: {},
  line: {},
  wide: {},
  pair: { "Upstash-Flow-Control-Key": "pair", "Upstash-Flow-Control-Value": "parallelism=2" },
  slow: { "Upstash-Flow-Control-Key": "slow", "Upstash-Flow-Control-Value": "rate=2, period=10s" },
  both: { "Upstash-Flow-Control-Key": "both", "Upstash-Flow-Control-Value": "rate=3, period=10s, parallelism=1" },
} as const;

type LaneName = keyof typeof lanes;

/** Most deliveries begun in ten seconds. */
const rates: Partial<Record<LaneName, number>> = { slow: 2, both: 3 };

const queues: ReadonlySet<LaneName> = new Set(["line", "wide"]);

type Step =
  | {
      readonly kind: "publish";
      readonly lane: LaneName;
      readonly host: string;
      readonly delay: number;
      readonly callback: boolean;
    }
  | { readonly kind: "end"; readonly pick: number; readonly status: number; readonly wait: number }
  | { readonly kind: "cancel"; readonly pick: number }
  | { readonly kind: "pause"; readonly lane: LaneName; readonly paused: boolean }
  | { readonly kind: "limit"; readonly lane: "wide" | "pair"; readonly most: number }
  | { readonly kind: "crash" }
  | { readonly kind: "advance"; readonly seconds: number };

const limited = ["line", "wide", "pair", "slow", "both"] as const;

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("publish" as const),
    lane: fc.constantFrom("free" as const, ...limited),
    host: fc.constantFrom("one.example", "two.example", "three.example"),
    delay: fc.constantFrom(0, 0, 0, 5),
    callback: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("end" as const),
    pick: fc.nat(),
    // 0: the time-out is over, or the connection is lost.
    status: fc.constantFrom(200, 200, 500, 0),
    wait: fc.constantFrom(0, 2, 30),
  }),
  fc.record({ kind: fc.constant("cancel" as const), pick: fc.nat() }),
  fc.record({ kind: fc.constant("pause" as const), lane: fc.constantFrom(...limited), paused: fc.boolean() }),
  fc.record({
    kind: fc.constant("limit" as const),
    lane: fc.constantFrom("wide" as const, "pair" as const),
    most: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant("crash" as const) }),
  fc.record({ kind: fc.constant("advance" as const), seconds: fc.constantFrom(1, 5, 11, 60) }),
);

/** The stores, driven as the dispatcher drives them: a look after each change, and when the last look said so. */
interface World {
  services: Services;
  now: number;
  next: number | undefined;
  crowded: boolean;
  readonly delivering: Message[];
  /** Ids, in the order in which their first delivery began. */
  readonly begun: string[];
  readonly accepted: { readonly id: string; readonly lane: LaneName; readonly delay: number }[];
  readonly cancelled: Set<string>;
  /** Instants at which deliveries began, by the name of their lane. */
  readonly starts: Map<string, number[]>;
  readonly paused: Set<string>;
  /** Most messages of a lane that may be delivered at once. */
  readonly most: Map<string, number>;
}

function startWorld(): World {
  const services = open(openDatabase(":memory:"));
  services.queues.upsert({ name: "wide", parallelism: 2, paused: false }, 0);
  services.queues.upsert({ name: "line", parallelism: 1, paused: false }, 0);
  return {
    services,
    now: 1_000_000,
    next: undefined,
    crowded: true,
    delivering: [],
    begun: [],
    accepted: [],
    cancelled: new Set(),
    starts: new Map(),
    paused: new Set(),
    most: new Map(Object.entries({ "queue:line": 1, "queue:wide": 2, "flow:pair": 2, "flow:both": 1 })),
  };
}

function open(database: Database): Services {
  return openServices({
    database,
    signingKeys: { current: "a", next: "b" },
    newId: () => `msg_${crypto.randomUUID()}`,
    deadLetterRetention: 1e6,
  });
}

function look(world: World): void {
  const free = capacity - world.delivering.length;
  const { messages, next, crowded } = world.services.claim(world.now, free, world.crowded);
  for (const message of messages) {
    world.delivering.push(message);
    world.services.open.begin(message);
    if (!world.begun.includes(message.id)) world.begun.push(message.id);
    world.starts.set(message.lane, [...(world.starts.get(message.lane) ?? []), world.now]);
    expect(world.paused).not.toContain(message.lane);
  }
  // More may be open than was allowed later, but none is begun then.
  for (const lane of new Set(messages.map((message) => message.lane))) {
    const inLane = world.delivering.filter((message) => message.lane === lane).length;
    expect(inLane).toBeLessThanOrEqual(world.most.get(lane) ?? Infinity);
  }
  world.next = next;
  world.crowded = crowded;
}

function take(world: World, action: Step): void {
  switch (action.kind) {
    case "publish":
      publish(world, action);
      break;
    case "end":
      end(world, action);
      break;
    case "cancel":
      cancel(world, action.pick);
      break;
    case "pause":
      pause(world, action.lane, action.paused);
      break;
    case "limit":
      limit(world, action.lane, action.most);
      break;
    case "crash":
      crash(world);
      break;
    case "advance":
      advance(world, world.now + action.seconds * 1000);
  }
  look(world);
}

function publish(world: World, { lane, host, delay, callback }: Step & { kind: "publish" }): void {
  const told = callback ? { "Upstash-Callback": "http://told.example/" } : {};
  const all = new Headers({
    ...lanes[lane],
    ...told,
    "Upstash-Delay": `${delay}s`,
    "Upstash-Retries": "2",
    "Upstash-Retry-Delay": "2000",
  });
  const draft = readDraft(`http://${host}/`, all, policy);
  const queued = queues.has(lane) ? { ...draft, queue: lane } : draft;
  const { messageId } = world.services.messages.accept({ draft: queued, body: new Uint8Array() }, world.now);
  world.accepted.push({ id: messageId, lane, delay });
}

function end(world: World, { pick, status, wait }: Omit<Step & { kind: "end" }, "kind">): void {
  const [message] = world.delivering.splice(pick % Math.max(1, world.delivering.length), 1);
  if (message === undefined) return;
  const answer = { status, headers: { "Retry-After": [String(wait)] }, body: new Uint8Array() };
  world.services.open.end(message);
  settle(world.services.messages, { message, answer }, world.now);
}

function cancel(world: World, pick: number): void {
  const { id } = world.accepted[pick % Math.max(1, world.accepted.length)] ?? {};
  if (id === undefined) return;
  world.services.messages.cancelAll({ sql: "message.id = ?", values: [id] });
  world.cancelled.add(id);
}

function nameOf(lane: LaneName): string {
  return queues.has(lane) ? `queue:${lane}` : `flow:${lane}`;
}

function pause(world: World, lane: LaneName, paused: boolean): void {
  const { queues: queueStore, flows } = world.services;
  if (queues.has(lane)) queueStore.pause(lane, paused, world.now);
  else flows.pause(lane, paused, world.now);
  if (paused) world.paused.add(nameOf(lane));
  else world.paused.delete(nameOf(lane));
}

function limit(world: World, lane: "wide" | "pair", most: number): void {
  const { queues: queueStore, flows } = world.services;
  if (lane === "pair") flows.pin(lane, { parallelism: most }, world.now);
  else queueStore.upsert({ name: lane, parallelism: most, paused: world.paused.has("queue:wide") }, world.now);
  world.most.set(nameOf(lane), most);
}

/** Another process finds the same tables. */
function crash(world: World): void {
  world.services = open(world.services.database);
  world.delivering.length = 0;
  world.services.messages.recover(world.now);
  world.crowded = true;
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
  // A look that did not take all that it could take is a message that waits for nothing.
  expect(world.services.claim(world.now, capacity - world.delivering.length, true).messages).toEqual([]);
}

/** Every delivery succeeds from now on, and time goes on only when an alarm is set. */
function drain(world: World): void {
  for (const lane of limited) take(world, { kind: "pause", lane, paused: false });
  for (let turn = 0; turn < 1000; turn += 1) {
    if (world.delivering.length > 0) take(world, { kind: "end", pick: 0, status: 200, wait: 0 });
    else if (world.next === undefined) return;
    else advance(world, world.next);
  }
  throw new Error("It goes on for ever");
}

/** How many deliveries each window had; a window begins with the first delivery after the last one. */
function windowsOf(starts: readonly number[]): readonly number[] {
  const windows: number[] = [];
  let windowEnd = -Infinity;
  for (const start of starts) {
    if (start < windowEnd) windows.push((windows.pop() ?? 0) + 1);
    else {
      windows.push(1);
      windowEnd = start + 10_000;
    }
  }
  return windows;
}

it("whatever happens, limits hold, keys and queues keep their order, and everything ends", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const world = startWorld();
      for (const each of steps) {
        take(world, each);
        check(world);
      }
      drain(world);

      const wanted = world.accepted.filter(({ id }) => !world.cancelled.has(id));
      for (const lane of limited) {
        const sent = wanted.filter((each) => each.lane === lane && each.delay === 0).map(({ id }) => id);
        const known = new Set(sent);
        expect(world.begun.filter((id) => known.has(id))).toEqual(sent);
      }
      expect(wanted.filter(({ id }) => !world.begun.includes(id))).toEqual([]);
      expect(world.accepted.filter(({ id }) => world.services.messages.pending(id) !== undefined)).toEqual([]);
      for (const [lane, rate] of Object.entries(rates)) {
        const windows = windowsOf(world.starts.get(`flow:${lane}`) ?? []);
        expect(Math.max(0, ...windows)).toBeLessThanOrEqual(rate);
      }
      world.services.database.close();
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
