/** A tick after a deployment, cut off at each of its requests in turn, on each of our stores: each slot runs once. */

import type { Backend, ScheduleStore } from "@umbel/protocol";
import { upstash, upstashSchedules, withAttempts } from "@umbel/upstash-redis";
import { beat, type BeatEntries, type BeatEntry } from "umbel/beat";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRedisServer } from "../redis-server.ts";
import { serveClockedStore, serveStore, type ServedStore } from "../store.ts";
import { until } from "../until.ts";
import { world } from "./world.ts";

const start = Date.parse("2026-01-01T00:00:00Z");
const minute = 60_000;
/** More requests than such a tick makes. */
const mostRequests = 14;

/** Where results and entries are kept, in another place than memory. */
interface Kept {
  readonly backend: Partial<Backend>;
  readonly store?: ScheduleStore;
}

function keptAt(address: ServedStore["address"], prefix = ""): Kept {
  const backend = upstash({ ...address, prefix })(() => undefined);
  return { backend: withAttempts(backend), store: upstashSchedules(backend) };
}

/** Counts requests, and makes none from a certain one on: just before it, or just after. */
function cutting() {
  let made = 0;
  let last = Infinity;
  let isAfter = false;
  return {
    at(request: number, after: boolean) {
      [made, last, isAfter] = [0, request, after];
    },
    /** The same port with a counter in front of some of its methods. */
    of<Port extends object>(port: Port, names: readonly (keyof Port & string)[]): Port {
      const copy = { ...port };
      for (const name of names) {
        const ask: unknown = port[name];
        if (typeof ask !== "function") throw new Error(`There is no ${name}`);
        const counted = async (...args: readonly unknown[]): Promise<unknown> => {
          made += 1;
          if (made > last || (made === last && !isAfter)) throw new Error("It is cut off");
          const answer: unknown = await Reflect.apply(ask, port, args);
          if (made >= last) throw new Error("It is cut off");
          return answer;
        };
        Reflect.set(copy, name, counted);
      }
      return copy;
    },
  };
}

/** Two deployments, of which the second ticks until it is cut off. */
function deployments(from: number, rules: Partial<BeatEntry>, { backend, store }: Kept) {
  const cut = cutting();
  const home = world({ time: { start: from, patience: store === undefined ? 1 : 20_000 } }, (own) =>
    cut.of({ ...own, ...backend }, ["revoke", "read"]),
  );
  Object.assign(home.broker, cut.of(home.broker, ["publish"]));
  const runs: string[] = [];
  const note = home.app.task("tasks.note", (label: string) => {
    runs.push(`${label} at ${Math.round((home.now() - from) / minute)}`);
  });
  const names = ["x", "y", "z"];
  const options = { store: cut.of(store ?? home.backend.schedules, ["due", "entries", "change"]) };
  const form = (label: string) => {
    const entries: BeatEntries = Object.fromEntries(
      names.map((name) => [name, { task: note.s(`${label} ${name}`), schedule: 60, ...rules }]),
    );
    return beat(home.app, entries, options);
  };
  const slots = () => runs.map((run) => run.slice(2)).toSorted();
  const wanted = (minutes: readonly number[]) =>
    minutes.flatMap((at) => names.map((name) => `${name} at ${at}`)).toSorted();
  return { ...home, runs, before: form("a"), after: form("b"), cut, slots, wanted };
}

const ways: readonly (readonly [what: string, rules: Partial<BeatEntry>])[] = [
  ["are sent ahead", {}],
  ["are not", { overlap: "skip" }],
];

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
/** Just before and just after each of them at full level; else by turns. */
const cuts = Array.from({ length: mostRequests }, (_, nth) => nth + 1).flatMap((request) =>
  (isFull ? [false, true] : [request % 2 === 0]).map((after) => [request, after] as const),
);

describe.each(["memory", "the embedded engine"])("in %s", (place) => {
  it.each(ways)(
    "a deployment of entries that %s loses and doubles nothing, at whichever request it is cut off",
    async (_, rules) => {
      for (const [request, after] of cuts) {
        const engine = place === "memory" ? undefined : await serveClockedStore(start);
        const home = deployments(start, rules, engine ? keptAt(engine.address) : { backend: {} });
        const advance = async (seconds: number): Promise<void> => {
          await home.advance(seconds);
          await engine?.setClock(home.now());
        };
        await home.before.tick();
        await advance(30);
        await home.before.tick();

        home.cut.at(request, after);
        await home.after.tick().catch(() => undefined);
        home.cut.at(Infinity, false);
        for (let tick = 0; tick < 3; tick += 1) {
          await advance(33);
          await home.drain();
          await home.after.tick();
          await home.drain();
        }
        await engine?.stop();

        expect([request, after, home.slots()]).toEqual([request, after, home.wanted([1, 2])]);
      }
    },
  );
});

describe.skipIf(!hasRedisServer)("on a Redis, by its own clock", () => {
  let redis: ServedStore;
  beforeAll(async () => void (redis = await serveStore("redis-server")));
  afterAll(() => redis.stop());

  it("what is cut off is made up for at once", async () => {
    for (const [request, after] of cuts) {
      const home = deployments(Date.now(), {}, keptAt(redis.address, `${request}${after}:`));
      await home.before.tick();

      home.cut.at(request, after);
      await home.after.tick().catch(() => undefined);
      home.cut.at(Infinity, false);
      const { failed } = await home.after.tick();
      await home.advance(70);
      await until(() => home.runs.length >= 3);
      await home.drain();

      expect([request, after, failed, home.runs.toSorted()]).toEqual([
        request,
        after,
        [],
        home.wanted([1]).map((slot) => `b ${slot}`),
      ]);
    }
  });
});
