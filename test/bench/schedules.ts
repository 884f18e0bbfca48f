/**
 * How many next runs of a crontab are told in a second, beside croner and cron-parser: in this process, in turn.
 *
 * Each goes from run to run, and begins anew after a few. It is set up in the way that is fastest for it, and before anything
 * is measured all have to say the same.
 *
 * @module
 */

import { CronExpressionParser } from "cron-parser";
import { Cron } from "croner";
import { crontab } from "umbel/beat";
import { type Line, median } from "./trial.ts";

/** The peers, in the order of the lines. */
const peers = ["croner", "cron-parser"] as const;

type Walker = "Umbel" | (typeof peers)[number];

/** Says the run after the one that it said last; after the start when it is told to begin. */
type Walk = (isBeginning: boolean) => Date;

interface Case {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly zone?: string;
  /** A weekday that the day has to be besides: cron-parser takes one or the other, and has to be asked until it is both. */
  readonly weekday?: number;
}

const cases: readonly Case[] = [
  { id: "simple", title: "every five minutes", text: "*/5 * * * *" },
  { id: "typical", title: "07:30 on weekdays", text: "30 7 * * 1-5" },
  { id: "typical-zone", title: "07:30 on weekdays in Oslo", text: "30 7 * * 1-5", zone: "Europe/Oslo" },
  { id: "leap-monday", title: "29 February on a Monday", text: "0 0 29 2 *", weekday: 1 },
  { id: "leap-monday-zone", title: "the same in Oslo", text: "0 0 29 2 *", weekday: 1, zone: "Europe/Oslo" },
];

/** A second after a full minute, so that none has to say its first run by looking at the start. */
const start = new Date("2026-01-01T00:00:01Z");

/** From where all begin anew: so far libraries are asked in earnest. */
const stride = 10;

/** A line with our next runs a second for each case, and one with how many times those of each peer that is. */
export function* scheduleSpeeds({
  runs,
  isQuick,
}: {
  readonly runs: number;
  readonly isQuick: boolean;
}): Generator<Line> {
  for (const each of cases) {
    const walks: Readonly<Record<Walker, Walk>> = {
      Umbel: ours(each),
      croner: croner(each),
      "cron-parser": cronParser(each),
    };
    checkSame(each, walks);
    const speeds = Array.from({ length: runs }, () => speedsOf(walks, isQuick ? 5 : 400));
    const title = `next run: ${each.title}`;
    yield lineOf({ figure: `schedules-${each.id}`, title, unit: "1/s", runs: speeds.map(({ Umbel }) => Umbel) });
    for (const peer of peers) {
      const times = speeds.map((speed) => speed.Umbel / speed[peer]);
      yield lineOf({
        figure: `schedules-${each.id}-${peer}`,
        title: `${title}, times ${peer}`,
        unit: "x",
        runs: times,
      });
    }
  }
}

function lineOf({
  runs,
  ...about
}: Pick<Line, "figure" | "title" | "unit"> & { readonly runs: readonly number[] }): Line {
  return { ...about, better: "more", values: { embedded: median(runs) }, runs: { embedded: runs } };
}

function ours({ text, zone, weekday }: Case): Walk {
  const schedule = crontab(text.replace(/\*$/, String(weekday ?? "*")));
  let last = start;
  return (isBeginning) => (last = known(schedule.next(isBeginning ? start : last, zone)));
}

/** Without a zone an offset of zero is what it is fastest with. */
function croner({ text, zone, weekday }: Case): Walk {
  const where = zone === undefined ? { utcOffset: 0 } : { timezone: zone };
  const schedule = new Cron(text.replace(/\*$/, String(weekday ?? "*")), { domAndDow: true, ...where });
  let last = start;
  return (isBeginning) => (last = known(schedule.nextRun(isBeginning ? start : last)));
}

function cronParser({ text, zone = "UTC", weekday }: Case): Walk {
  const schedule = CronExpressionParser.parse(text, { currentDate: start, tz: zone });
  return (isBeginning) => {
    if (isBeginning) schedule.reset(start);
    for (;;) {
      const next = schedule.next();
      if (weekday === undefined || next.getDay() === weekday) return next.toDate();
    }
  };
}

function checkSame({ title }: Case, walks: Readonly<Record<Walker, Walk>>): void {
  const [own, ...others] = Object.values(walks).map((walk) =>
    Array.from({ length: stride }, (_, at) => walk(at === 0)),
  );
  for (const other of others) {
    if (String(other) !== String(own)) throw new Error(`${title}: ${String(own)} and ${String(other)} differ`);
  }
}

/** Runs a second of each, in turn. */
function speedsOf(walks: Readonly<Record<Walker, Walk>>, milliseconds: number): Readonly<Record<Walker, number>> {
  const speed = (walker: Walker) => speedOf(walks[walker], milliseconds);
  return { Umbel: speed("Umbel"), croner: speed("croner"), "cron-parser": speed("cron-parser") };
}

function speedOf(walk: Walk, milliseconds: number): number {
  const begun = performance.now();
  let count = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    for (let at = 0; at < stride; at += 1) walk(at === 0);
    count += stride;
    elapsed = performance.now() - begun;
  }
  return (count / elapsed) * 1000;
}

function known(next: Date | null | undefined): Date {
  if (!next) throw new Error("There is no next run");
  return next;
}
