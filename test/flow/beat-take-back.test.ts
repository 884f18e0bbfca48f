/** Much that was sent ahead is taken back: by a few requests, in parts, whoever is cut off; and what is due goes first. */

import type { Publication } from "@umbel/protocol";
import { BackendUnavailable } from "umbel";
import { beat, type BeatEntries, type BeatEntry, schedules } from "umbel/beat";
import type { PortMethod } from "umbel/testing";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const start = Date.parse("2026-01-01T00:00:00Z");
const minute = 60_000;
/** Entries of a large deployment: of each six runs may be under way. */
const many = process.env["UMBEL_TEST_LEVEL"] === "full" ? 400 : 100;

/** Writes down each run, and by which slot it was due. */
function noting() {
  const home = world({ time: { start } });
  const runs: string[] = [];
  const note = home.app.task("tasks.note", (label: string) => {
    runs.push(`${label} at ${Math.round((home.now() - start) / minute)}`);
  });
  /** So many entries of code that run each minute, under a label that says of which deployment they are. */
  const deployed = (label: string, count: number, rules: Partial<BeatEntry> = {}) => {
    const names = Array.from({ length: count }, (_, nth) => `e${nth}`);
    const entries: BeatEntries = Object.fromEntries(
      names.map((name) => [name, { task: note.s(`${label} ${name}`), schedule: 60, ...rules }]),
    );
    return beat(home.app, entries);
  };
  return { ...home, runs, note, deployed, api: schedules(home.app, { store: home.backend.schedules }) };
}

/** Lets a program make so many requests, and then none: as edge platforms do. Returns what begins the next program. */
function allowing(home: ReturnType<typeof noting>, most: number): () => void {
  let made = 0;
  const counted: readonly (readonly [object, readonly string[]])[] = [
    [home.backend, ["revoke", "read"]],
    [home.backend.schedules, ["due", "entries", "change"]],
    [home.broker, ["publish"]],
  ];
  for (const [port, names] of counted) {
    for (const name of names) {
      const ask: unknown = Reflect.get(port, name);
      if (typeof ask !== "function") throw new Error(`There is no ${name}`);
      const limited = async (...args: readonly unknown[]): Promise<unknown> => {
        made += 1;
        if (made > most) throw new BackendUnavailable("Too many subrequests");
        return await Reflect.apply(ask, port, args);
      };
      Reflect.set(port, name, limited);
    }
  }
  return () => void (made = 0);
}

/** What a call of the whole tick asks for. */
async function callsOf(home: ReturnType<typeof noting>, work: () => Promise<unknown>): Promise<readonly string[]> {
  home.ports.calls.length = 0;
  await work();
  return [...home.ports.calls];
}

/** A deployment in the middle of a minute, of which what was sent ahead is taken back. */
async function deploying(count: number, next: (home: ReturnType<typeof noting>) => { tick: () => Promise<unknown> }) {
  const home = noting();
  const before = home.deployed("a", count);
  await before.tick();
  await home.advance(30);
  await before.tick();
  return await callsOf(home, async () => await next(home).tick());
}

describe("a deployment", () => {
  it("that edits entries makes the same number of requests for ten of them and for a hundred", async () => {
    const [few, lot] = [
      await deploying(10, (home) => home.deployed("b", 10)),
      await deploying(100, (home) => home.deployed("b", 100)),
    ];

    expect(lot).toEqual(few);
    expect(few.filter((call) => call === "revoke")).toHaveLength(1);
  });

  it("that drops entries makes the same number of requests for ten of them and for a hundred", async () => {
    const [few, lot] = [
      await deploying(10, (home) => home.deployed("b", 0)),
      await deploying(100, (home) => home.deployed("b", 0)),
    ];

    expect(lot).toEqual(few);
    expect(few.filter((call) => call === "revoke")).toHaveLength(1);
  });

  it("of hundreds of edited entries comes to its end where each tick may make fifty requests", async () => {
    const home = noting();
    const [before, after] = [home.deployed("a", many), home.deployed("b", many)];
    await before.tick();
    await home.advance(30);
    await before.tick();
    const begin = allowing(home, 50);

    for (let tick = 0; tick < 3; tick += 1) {
      begin();
      await after.tick().catch(() => undefined);
      begin();
      await home.advance(60);
    }

    const last = home.runs.filter((run) => run.startsWith("b ") && run.endsWith(" at 3"));
    expect(last).toHaveLength(many);
    expect(doubled(home.runs)).toEqual([]);
  });

  it("does not keep what is due waiting: that is sent before anything is taken back", async () => {
    const home = noting();
    const before = home.deployed("a", 20);
    await before.tick();
    await home.api.upsert("added", { task: home.note, args: ["added"], schedule: 60 });
    await home.advance(30);
    const order: string[] = [];
    home.ports.before("revoke", () => void order.push("revoke"));
    const publish = home.broker.publish.bind(home.broker);
    home.broker.publish = async (publications: readonly Publication[]) => {
      order.push(...publications.map((each) => each.message.headers.task));
      return await publish(publications);
    };

    await home.deployed("b", 20).tick();

    expect(order.slice(0, order.indexOf("revoke"))).toEqual(["tasks.note", "tasks.note"]);
  });
});

/** What ran twice, by whichever rules. */
function doubled(runs: readonly string[]): readonly string[] {
  const slots = runs.map((run) => run.slice(2));
  return slots.filter((slot, nth) => slots.indexOf(slot) !== nth);
}

const cuts: readonly (readonly [moment: "before" | "after", method: PortMethod, nth: number])[] = (
  ["revoke", "publish", "change", "entries", "due"] as const
).flatMap((method) =>
  ([1, 2, 3] as const).flatMap((nth) => (["before", "after"] as const).map((moment) => [moment, method, nth] as const)),
);

describe.each<[what: string, rules: Partial<BeatEntry>]>([
  ["are sent ahead", {}],
  ["are not", { overlap: "skip" }],
])("a deployment of entries that %s, cut off", (_, rules) => {
  it.each(cuts)("just %s %s, time %i: each slot of three minutes runs once, by one of both rules", async (...cut) => {
    const home = noting();
    const before = home.deployed("a", 3, rules);
    await before.tick();
    await home.advance(30);
    await before.tick();
    dying(home, cut);

    await home.run("beat", async () => await home.deployed("b", 3, rules).tick()).catch(() => undefined);
    const after = home.deployed("b", 3, rules);
    for (let tick = 0; tick < 5; tick += 1) {
      await home.advance(33);
      await after.tick();
    }
    await home.drain();

    const slots = home.runs.map((run) => run.slice(2)).toSorted();
    const wanted = [1, 2, 3].flatMap((at) => Array.from({ length: 3 }, (__, nth) => `e${nth} at ${at}`));
    expect(slots).toEqual(wanted.toSorted());
  });
});

/** Dies at the so-manieth call. */
function dying({ ports, kill }: ReturnType<typeof noting>, [moment, method, nth]: (typeof cuts)[number]): void {
  let seen = 0;
  const count = (): void => {
    seen += 1;
    if (seen === nth) kill();
    else if (seen < nth) ports[moment](method, count);
  };
  ports[moment](method, count);
}

describe("an entry of which thousands of runs wait", () => {
  it("is taken back in parts by as many ticks as it takes, which send all else meanwhile", async () => {
    const home = noting();
    await home.api.upsert("many", {
      task: home.note,
      args: ["many"],
      schedule: 1,
      options: { countdown: 8000 },
    });
    await home.api.upsert("other", { task: home.note, args: ["other"], schedule: 60 });
    await home.clock.advance(8000);
    home.ports.before("revoke", home.kill);
    await expect(home.run("editor", async () => await home.api.pause("many"))).rejects.toThrow("lost");
    const revoked = revoking(home);
    const schedule = beat(home.app);

    await schedule.tick();
    const first = revoked.size;
    await schedule.tick();

    expect(first).toBeGreaterThan(1000);
    expect(first).toBeLessThanOrEqual(5000);
    expect(revoked.size).toBeGreaterThan(8000);
    const { entries } = await home.backend.schedules.entries({ app: "tasks" });
    expect(entries.filter(({ text }) => text.includes('"old"'))).toEqual([]);
    expect((await home.api.get("other"))?.lastRun).toBeDefined();
  });
});

/** All ids that are revoked from now on. */
function revoking({ backend }: ReturnType<typeof noting>): ReadonlySet<string> {
  const ids = new Set<string>();
  const revoke = backend.revoke.bind(backend);
  backend.revoke = async (request) => {
    for (const id of request.ids) ids.add(id);
    await revoke(request);
  };
  return ids;
}
