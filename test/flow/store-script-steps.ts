/**
 * Steps of the store, drawn by chance: few values for everything, so that steps meet, and instants coincide.
 *
 * @module
 */

import * as fc from "fast-check";

/** A script that runs some milliseconds after the one before. */
export interface Step {
  readonly script: string;
  /** One of two tasks, or of two chords. */
  readonly of: "a" | "b";
  /** `@` stands before the task whose record is meant. */
  readonly args: readonly string[];
  /** How many of the script's keys it is given; all when absent. */
  readonly keys?: number;
  readonly pause: number;
}

/** When lives begin. */
export const start: number = Date.UTC(2026, 0, 1);

/** Channels on which something is told: groups, and types of events. */
export const channels: readonly string[] = ["group-1", "group-2", "event-1", "event-2"];

/** Names of workers, and of queues that may be paused. */
export const workers: readonly string[] = ["w1", "w漢"];

type Args = fc.Arbitrary<readonly string[]>;

/** What a script is called with. */
interface Call {
  readonly args: readonly string[];
  readonly keys?: number;
}

/** Any step. No key ends meanwhile: the clock of a real store goes on as it will. */
export function step(): fc.Arbitrary<Step> {
  const calls = { ...taskCalls(), ...plain(chordArgs()), ...plain(entryArgs()), ...plain(operatorArgs()) };
  const steps = Object.entries(calls).map(([script, call]) => ({
    weight: script === "claim" || script === "changeEntries" ? 6 : 2,
    arbitrary: fc
      .record({
        of: fc.constantFrom("a" as const, "a" as const, "a" as const, "b" as const),
        call,
        pause: fc.constantFrom(0, 0, 1000, 1000, 2000, 2000, 61_000),
      })
      .map(({ call: chosen, ...rest }) => Object.assign(rest, chosen, { script })),
  }));
  return fc.oneof(...steps);
}

function plain(args: Readonly<Record<string, Args>>): Readonly<Record<string, fc.Arbitrary<Call>>> {
  return Object.fromEntries(
    Object.entries(args).map(([script, each]) => [script, each.map((words) => ({ args: words }))]),
  );
}

const retention = fc.constantFrom("3600000", "36000000");
const text = fc.constantFrom("", '{"status":"STARTED"}', '{"status":"SUCCESS","result":"漢 \\" \\u0000"}');

/** Steps on a task: in a cluster, where keys are left out; with nobody who watches; and telling. */
function taskCalls(): Readonly<Record<string, fc.Arbitrary<Call>>> {
  const digit = fc.constantFrom("0", "0", "0", "1");
  const state = fc.constantFrom("SUCCESS", "FAILURE", "REVOKED", "IGNORED", "RETRY", "REJECTED", "REPLACED");
  const life = fc.constantFrom("", "3000000");
  const time = fc.constantFrom("1", "1000", "3000");
  const token = fc.constantFrom("x", "y", "z");
  const hardLimit = fc.constantFrom("", "", "1000");
  const expires = fc.constantFrom("", String(start + 2000));
  const early = fc.constantFrom("0", "0", "1");
  const undeliverable = fc.constantFrom("0", "0", "1");
  const group = fc.constantFrom("", ...channels.slice(0, 2));
  const fence = [digit, digit, digit] as const;
  const effects = fc.constantFrom("[]", '[{"kind":"send"}]');

  const once = fc.constantFrom("0", "0", "1");
  const canvas = fc.constantFrom("", "", "f1", "f1.a", "f1.b", "f");
  const begins = fc.tuple(retention, text, early, once, once, canvas);
  const claim = fc
    .tuple(fc.tuple(digit, digit, token, time), hardLimit, expires, undeliverable, begins)
    .map((words) => words.flat());
  const settled = fc.constantFrom("SUCCESS", "FAILURE", "REVOKED", "IGNORED");
  return {
    claim: telling(claim, notes(), 9),
    renew: telling(fc.tuple(...fence, time, retention), sighting(), 8),
    progress: fc.tuple(...fence, text, life).map((args) => ({ args })),
    finish: telling(fc.tuple(...fence, state, effects, retention, text, life, group, canvas), letters(), 5),
    settle: silent(fc.tuple(settled, retention, text, life, group, canvas), 3),
    revoke: silent(fc.tuple(fc.constantFrom("0", "1"), retention), 2),
  };
}

/** With all keys but the last, which a cluster has not, or with it. */
function silent(args: Args, keys: number): fc.Arbitrary<Call> {
  return fc.record({ args, keys: fc.constantFrom(keys - 1, keys) });
}

/** In a cluster letters are told, too, and nothing is kept of them. */
function telling(args: Args, told: Args, keys: number): fc.Arbitrary<Call> {
  const kept = fc.constantFrom("2", "1000");
  const more = fc.tuple(kept, told).map(([most, words]) => [most, words].flat());
  return fc.oneof(
    silent(args, 3),
    { weight: 2, arbitrary: fc.tuple(args, more).map((words) => ({ args: words.flat(), keys })) },
    fc.tuple(args, more).map((words) => ({ args: words.flat(), keys: 2 })),
  );
}

function letter(): Args {
  return fc.tuple(fc.constantFrom(...channels.slice(2)), fc.constantFrom('{"body":"1"}', '{"body":"漢"}'));
}

function letters(): Args {
  return fc.array(letter(), { maxLength: 2 }).map((each) => each.flat());
}

/** Worker, what it says, for how long, and two letters, each of which may be absent. */
function sighting(): Args {
  const perhaps = fc.oneof(letter(), fc.constant(["", ""]));
  const said = fc.constantFrom("", "{}", '{"region":"漢"}');
  const life = fc.constantFrom("60000", "600000");
  return fc
    .tuple(fc.constantFrom(...workers), said, life, perhaps, perhaps)
    .map(([worker, saying, seconds, online, heartbeat]) => [worker, saying, seconds, online, heartbeat].flat());
}

/** The sighting, queue, task, about, the revision that is known, and letters. */
function notes(): Args {
  const task = fc.constantFrom("shop.add", "漢");
  const about = fc.constantFrom("", "{}", '{"args":"漢"}');
  const known = fc.constantFrom("", "r1", "r2");
  return fc
    .tuple(sighting(), fc.constantFrom("q", "漢"), task, about, known, letters(), letters())
    .map(([seen, queue, name, shown, revision, received, started]) => {
      const count = String(received.length / 2);
      return [seen, queue, name, shown, revision, count, received, started].flat();
    });
}

/** What operators do, and senders of events. */
function operatorArgs(): Readonly<Record<string, Args>> {
  const limit = fc.constantFrom("1", "2", "100");
  const score = fc.constantFrom(0, 1000, 2000, 3000, 4000, 5000).map((later) => String(start + later));
  const place = fc.oneof(fc.constant(["", ""]), fc.tuple(score, fc.constantFrom("@a", "@b", "@", "@c", "")));
  const refused = fc.uniqueArray(fc.constantFrom("queue:q", "queue:漢", "worker:w1"), { maxLength: 2 });
  const revision = fc.constantFrom("r1", "r2", "r3");
  return {
    emit: fc.tuple(fc.constantFrom("2", "1000"), letters()).map(([kept, told]) => [kept, told].flat()),
    direct: fc
      .tuple(fc.constantFrom("", "r1", "r2"), revision, fc.constantFrom("{}", '{"paused":["漢"]}'), refused)
      .map((words) => words.flat()),
    showDirectives: fc.constant([]),
    showRecords: fc.constant([]),
    listActive: fc.tuple(place, limit).map((words) => words.flat()),
    listRevoked: fc.constant(["", "", "100"]),
    listWorkers: fc.tuple(place, limit).map((words) => words.flat()),
    spoil: fc.tuple(
      fc.constantFrom("record", "result", "active", "events", "told", "workers", "revoked", "directives"),
    ),
    countAll: fc.constant([]),
    pastEvents: fc.tuple(fc.constantFrom("-", "(0-1"), limit, fc.constantFrom("0", "1")),
  };
}

function chordArgs(): Readonly<Record<string, Args>> {
  const adds = fc.array(fc.constantFrom("m1", "m2", "m3", "m4"), { maxLength: 2 });
  return {
    join: fc
      .tuple(
        fc.constantFrom("m1", "m2", "m3"),
        fc.constantFrom("{}", '{"a":"漢"}'),
        fc.constantFrom("1", "2", "3"),
        retention,
        fc.constantFrom("0", "1"),
      )
      .chain((member) => adds.map((added) => [member, String(added.length), added].flat())),
    keepText: fc.tuple(fc.constantFrom("[]", '["漢"]'), retention),
  };
}

/** Steps on the entries of a schedule. */
function entryArgs(): Readonly<Record<string, Args>> {
  const name = fc.constantFrom("a", "b", "B", "漢", "");
  const version = fc.constantFrom("", "=", "=1", "=2", "=漢");
  const next = fc.constantFrom("", "-1", ...[0, 1000, 2000, 5000, 3_600_000].map((later) => String(start + later)));
  const words = fc.constantFrom("", '{"漢":"\\u0000"}', "\0\n=");
  const change = fc.tuple(name, version, version, next, words);
  const limit = fc.constantFrom("1", "2", "100");
  return {
    dueEntries: fc.tuple(fc.constantFrom("0", "1000", "60000", "-1000"), limit, fc.constantFrom("0", "1", "2")),
    namedEntries: fc.array(name, { maxLength: 4 }),
    listEntries: fc.tuple(fc.constantFrom("-", "(", "(a", "(b", "(漢"), fc.oneof(limit, fc.constant("-1"))),
    changeEntries: fc
      .tuple(version, fc.array(change, { maxLength: 4 }))
      .map(([plan, changes]) => [plan, changes].flat(2)),
  };
}
