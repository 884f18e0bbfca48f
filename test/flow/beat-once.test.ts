/** Any number of beats, at any moments: each slot is sent once. Judged by counting the slots of each schedule anew. */

import { memoryBackend, memorySchedules } from "@umbel/memory";
import type { CallerBroker, Publication, Receipt, ScheduleStore } from "@umbel/protocol";
import { Umbel } from "umbel";
import { type Beat, beat, type BeatEntries, crontab, interval, ownSchedule, type Schedule, solar } from "umbel/beat";
import { describe, expect, it } from "vitest";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
const seed = Number(process.env["UMBEL_TEST_SEED"] ?? 7);
const start = Date.parse("2026-01-01T00:00:00Z");
const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;

const zones = ["UTC", "Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"];

/** A rule of an application's own. */
const own = ownSchedule({
  next: (after) => {
    const every = 67 * hour;
    return new Date(Math.floor(after.getTime() / every + 1) * every);
  },
  toString: () => "every 67 hours",
});

/** The rule of the nth entry: of each kind some, few of them often. */
function scheduleOf(nth: number): Schedule {
  const minute = (nth * 7) % 60;
  if (nth === 9) return crontab({ minute: "*/20" });
  if (nth % 40 === 19) return crontab({ minute, hour: "*/6" });
  const rules: readonly (() => Schedule)[] = [
    () => crontab({ minute, hour: nth % 24 }),
    () => crontab({ minute, hour: 2, dayOfWeek: "mon-fri" }),
    () => crontab({ minute, hour: 4, dayOfMonth: "1,15,31" }),
    () => interval({ hours: 31, minutes: nth }),
    () => interval({ days: 1 }),
    () => interval("50h", { relative: true }),
    () => (nth < 60 ? solar("sunset", 59.9, 10.7 + nth / 10) : own),
    () => own,
  ];
  return rules[nth % rules.length]?.() ?? own;
}

/** A broker that takes everything and delivers nothing; by its clock it knows when each call could begin. */
function recording(clock: Place["clock"]): { readonly broker: CallerBroker; readonly begins: Map<string, number> } {
  const begins = new Map<string, number>();
  const accept = ({ message: { headers }, notBefore = 0 }: Publication): Receipt => {
    const deduplicated = begins.has(headers.id);
    begins.set(headers.id, Math.min(begins.get(headers.id) ?? Infinity, Math.max(notBefore, clock.now)));
    return { accepted: true, messageId: headers.id, deduplicated };
  };
  const traits = { delay: true, deduplication: true, priority: false, cancel: true, flowControl: true };
  return {
    begins,
    broker: {
      name: "recording",
      traits: { ...traits, maxDelay: Infinity, maxMessageSize: 1_000_000, maxBatch: 100, retryHorizon: 60 },
      publish: async (publications) => publications.map(accept),
      cancel: async () => 0,
    },
  };
}

/** Dice that fall the same way for a seed. */
function dice(from: number): () => number {
  let state = from;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** What some beats have sent. */
interface Sent {
  /** Ids by entry and slot. */
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
  /** When each id that was published could begin. */
  readonly begins: ReadonlyMap<string, number>;
}

interface Place {
  readonly store: ScheduleStore;
  readonly broker: CallerBroker;
  readonly clock: { now: number };
  readonly ids: Map<string, Set<string>>;
}

/** One beat: an application of its own, whose clock is `off` by so much. */
function beatOf(
  { store, broker, clock, ids }: Place,
  entries: BeatEntries,
  { off = 0, horizon = 300 }: { readonly off?: number; readonly horizon?: number } = {},
): Beat {
  const now = () => clock.now + off;
  const app = new Umbel("tasks", { broker, backend: memoryBackend({ now }), platform: { now }, log: () => undefined });
  app.task("tasks.noop", () => null);
  app.signals.beatDue.connect(({ entry, slot, taskId, outcome }) => {
    if (outcome !== "sent") return;
    const key = `${entry} ${Date.parse(slot)}`;
    ids.set(key, (ids.get(key) ?? new Set()).add(taskId));
  });
  return beat(app, entries, { store, horizon });
}

const names = (count: number) => Array.from({ length: count }, (_, nth) => `entry ${nth}`);

function entriesOf(count: number): BeatEntries {
  return Object.fromEntries(
    names(count).map((name, nth) => {
      const timezone = zones[nth % zones.length] ?? "UTC";
      const jitter = nth % 5 === 0 ? 30 : 0;
      return [name, { task: "tasks.noop", schedule: scheduleOf(nth), timezone, jitter, catchup: "all" as const }];
    }),
  );
}

/** The slots that there are, counted from the rules. */
function slotsOf(count: number, to: number): ReadonlySet<string> {
  const keys = names(count).flatMap((name, nth) => {
    const rule = scheduleOf(nth);
    const anchored = rule.startingAt?.(new Date(start)) ?? rule;
    const slots = [...anchored.between(new Date(start), new Date(to), zones[nth % zones.length])];
    return slots.map((slot) => `${name} ${slot.getTime()}`);
  });
  return new Set(keys);
}

/** What is wrong with what was sent. */
function faultsIn({ ids, begins }: Sent, wanted: ReadonlySet<string>, to: number) {
  const sent = [...ids.keys()].filter((key) => slotIn(key) <= to);
  const all = new Set([...ids.values()].flatMap((each) => Array.from(each)));
  return {
    tooMuch: sent.filter((key) => !wanted.has(key)),
    missing: [...wanted].filter((key) => !ids.has(key)),
    /** Slots that have more than one id, and ids of more than one slot. */
    doubled: [...ids].filter(([, each]) => each.size !== 1),
    shared: ids.size - all.size,
    untold: [...begins.keys()].filter((id) => !all.has(id)),
    early: [...ids].filter(([key, [id = ""]]) => (begins.get(id) ?? 0) < slotIn(key)),
  };
}

const none = { tooMuch: [], missing: [], doubled: [], shared: 0, untold: [], early: [] };

function slotIn(key: string): number {
  return Number(key.split(" ").at(-1));
}

describe("two to ten beats at once", () => {
  it(`send each slot of ${isFull ? "a year" : "four days"} once, with 200 entries of all kinds`, async () => {
    const random = dice(seed);
    const end = start + (isFull ? 365 : 4) * day;
    const clock = { now: start };
    const { broker, begins } = recording(clock);
    const place = { store: memorySchedules({ now: () => clock.now }), broker, clock, ids: new Map() };
    const beats = Array.from({ length: 10 }, () => beatOf(place, entriesOf(200)));

    while (clock.now < end) {
      // Mostly one, now and then up to ten of them; mostly in time, sometimes hours late.
      const together = random() < 0.05 ? 2 + Math.floor(random() * 9) : 1;
      const first = Math.floor(random() * beats.length);
      const some = [...beats, ...beats].slice(first, first + together);
      await Promise.all(some.map(async (each) => await each.tick()));
      clock.now += Math.ceil(random() < 0.005 ? random() * 5 * hour : (270 + random() * 29) * second);
    }
    for (let again = 0; again < 20; again += 1) await beats[0]?.tick();

    expect(faultsIn({ ids: place.ids, begins }, slotsOf(200, end), end)).toEqual(none);
  }, 120_000);
});

describe("a beat", () => {
  it.each([
    ["two minutes ahead", 120 * second],
    ["two minutes behind", -120 * second],
  ])("whose own clock is %s sends nothing twice, and nothing early", async (_, off) => {
    const end = start + day;
    const clock = { now: start };
    const { broker, begins } = recording(clock);
    const place = { store: memorySchedules({ now: () => clock.now }), broker, clock, ids: new Map() };
    const beats = [{}, { off }].map((more) => beatOf(place, entriesOf(40), { ...more, horizon: 60 }));

    for (let minute = 0; clock.now < end; minute += 1) {
      await beats[minute % 2]?.tick();
      clock.now += 60 * second;
    }

    expect(faultsIn({ ids: place.ids, begins }, slotsOf(40, end), end)).toEqual(none);
  });
});
