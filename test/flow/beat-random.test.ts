/** Beats that tick, die and are edited under in any order: no slot runs twice, none is lost, none runs by old rules. */

import { childId } from "@umbel/core";
import * as fc from "fast-check";
import { beat, crontab, schedules } from "umbel/beat";
import type { PortMethod } from "umbel/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { world } from "./world.ts";

const sequences = process.env["UMBEL_TEST_LEVEL"] === "full" ? 1000 : 60;
const start = Date.parse("2026-01-01T00:00:00Z");
const minute = 60_000;

const Kept = z.object({ revision: z.number(), birth: z.string() });

/** One thing that happens. */
type Act =
  | { readonly kind: "tick" | "two ticks" | "edit" | "pause" | "resume" | "remove" }
  | { readonly kind: "advance"; readonly seconds: number }
  | { readonly kind: "dying tick" | "dying edit"; readonly moment: "before" | "after"; readonly at: PortMethod };

const advance = fc.record({ kind: fc.constant("advance" as const), seconds: fc.integer({ min: 1, max: 200 }) });
const tick = fc.record({ kind: fc.constantFrom("tick" as const, "two ticks" as const) });
const edit = fc.record({
  kind: fc.constantFrom<"edit" | "pause" | "resume" | "remove">("edit", "pause", "resume", "remove"),
});
const dying = <Kind extends "dying tick" | "dying edit">(kind: Kind) =>
  fc.record({
    kind: fc.constant(kind),
    moment: fc.constantFrom("before" as const, "after" as const),
    at: fc.constantFrom<PortMethod>("due", "publish", "change", "entries", "revoke"),
  });
const ticking: fc.Arbitrary<Act> = fc.oneof(advance, tick, dying("dying tick"));
const any: fc.Arbitrary<Act> = fc.oneof(advance, tick, edit, dying("dying tick"), dying("dying edit"));

/** A run that has begun: of which id, by which rules, and when. */
interface Begun {
  readonly id: string;
  readonly label: number;
  readonly at: number;
}

/** From an instant on no run begins by rules that are older than these; Infinity: none begins at all. */
interface Floor {
  readonly at: number;
  readonly label: number;
}

/** An entry that runs each minute, all of whose missed runs are made up for; and two beats. */
function opened() {
  const home = world({ time: { start } });
  const begun: Begun[] = [];
  const revisions = new Set<string>();
  const floors: Floor[] = [];
  const note = home.app.task({ name: "tasks.note", bind: true }, (task, label: number) => {
    begun.push({ id: task.request.id, label, at: home.now() });
  });
  const api = schedules(home.app, { store: home.backend.schedules });
  const beats = [beat(home.app, {}), beat(home.app, {})] as const;
  let label = 0;
  let isPaused = false;

  return {
    ...home,
    begun,
    floors,
    play,
    slots,
    settle,
    tick: async () => await beats[0].tick(),
  };

  /** The last edit. */
  async function settle(): Promise<void> {
    await upsert();
    await api.resume("a");
    floors.push({ at: home.now(), label });
    await noteRevision();
  }

  async function upsert(): Promise<void> {
    label += 1;
    await api.upsert("a", { task: note, args: [label], schedule: crontab(), catchup: { policy: "all", limit: 1000 } });
  }

  async function play(act: Act): Promise<void> {
    await perform(act);
    await noteRevision();
  }

  /** A tick that dies tells of nothing: so the ids of all runs that there can be are reckoned from what was kept. */
  function slots(): ReadonlyMap<string, number> {
    const ids = new Map<string, number>();
    for (let slot = start; slot <= home.now() + 300_000; slot += minute) {
      for (const revision of revisions) ids.set(childId("tasks", `beat\na\n${slot}\n${revision}`), slot);
    }
    return ids;
  }

  async function noteRevision(): Promise<void> {
    const { entries } = await home.backend.schedules.entries({ app: "tasks" });
    for (const { text } of entries) {
      const { revision, birth } = Kept.parse(JSON.parse(text));
      revisions.add(`${revision}\n${birth}`);
    }
  }

  async function perform(act: Act): Promise<void> {
    if (act.kind === "advance") return void (await home.advance(act.seconds));
    if (act.kind === "tick" || act.kind === "two ticks") return await tickAtOnce(act.kind === "tick" ? 1 : 2);
    if (act.kind === "dying tick") return await dyingAt(act, async () => await tickAtOnce(1));
    if (act.kind !== "dying edit") return await edited(act.kind);
    await dyingAt(act, upsert);
    // Nobody knows whether it was made. What is left of it the next tick does.
    floors.push({ at: home.now(), label: isPaused ? Infinity : 0 });
    await tickAtOnce(1);
  }

  async function tickAtOnce(count: number): Promise<void> {
    await Promise.all(beats.slice(0, count).map(async (each) => await each.tick()));
  }

  async function edited(kind: "edit" | "pause" | "resume" | "remove"): Promise<void> {
    try {
      if (kind === "edit") await upsert();
      else await api[kind]("a");
    } catch (error) {
      if (error instanceof Error && error.message.includes("has no entry")) return;
      throw error;
    }
    if (kind !== "edit") isPaused = kind === "pause";
    // What is removed may be added again.
    const isOff = isPaused || kind === "remove";
    floors.push({ at: home.now(), label: isOff ? Infinity : label });
  }

  /** Something that dies at a call of a port, if it comes to it. */
  async function dyingAt({ moment, at }: Extract<Act, { moment: string }>, work: () => Promise<void>): Promise<void> {
    let isArmed = true;
    home.ports[moment](at, () => {
      if (isArmed) home.kill();
    });
    await home.run("it", work).catch(() => undefined);
    isArmed = false;
  }
}

/** Runs that began by rules that did not hold any more: two seconds after an edit what is about to begin has begun. */
function stale(begun: readonly Begun[], floors: readonly Floor[]): readonly Begun[] {
  return begun.filter(({ label, at }) => {
    const held = floors.findLast((each) => each.at < at - 2000);
    const since = floors.filter((each) => each.at >= at - 2000 && each.at <= at);
    const lowest = Math.min(...since.map((each) => each.label), held?.label ?? 0);
    return label < lowest;
  });
}

describe("whatever happens", () => {
  it("no slot runs twice, none that is due by the last rules is lost, and none runs by rules that do not hold any more", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(any, { maxLength: 20 }),
        fc.array(ticking, { maxLength: 10 }),
        async (before, after) => {
          const home = opened();
          for (const each of before) await home.play(each);
          await home.settle();
          const last = home.now() + 2000;
          for (const each of after) await home.play(each);
          await home.tick();
          await home.advance(30);
          await home.tick();
          await home.advance(1);

          const known = home.slots();
          const slots = home.begun.map(({ id }) => known.get(id) ?? id);
          const wanted = [];
          for (let slot = (Math.floor(last / minute) + 1) * minute; slot <= home.now() - 31_000; slot += minute)
            wanted.push(slot);
          expect(slots.filter((slot, nth) => slots.indexOf(slot) !== nth)).toEqual([]);
          expect(wanted.filter((slot) => !slots.includes(slot))).toEqual([]);
          expect(stale(home.begun, home.floors)).toEqual([]);
        },
      ),
      { numRuns: sequences },
    );
  });
});
