/**
 * What is kept of an entry: how it was written, and what was sent for it.
 *
 * It is the text of a `StoredEntry`. A slot is an instant at which the entry's schedule has it run.
 *
 * @module
 */

import { InvalidMessageError, parseJson, Signature, type Signature as WireSignature, writeJson } from "@umbel/protocol";
import * as z from "zod/mini";

/** An entry's rules in the form in which they are kept: of two equal ones the texts are equal. */
export interface EntrySpec {
  /** Celery's form, with all arguments and options. */
  readonly task: WireSignature;
  /** `Schedule.toJSON()`; where there is no such form, its text: then it is only in code. */
  readonly schedule: unknown;
  /** An IANA name. */
  readonly timezone: string;
  readonly catchup: { readonly policy: "skip" | "once" | "all"; readonly within?: number; readonly limit: number };
  readonly overlap: "allow" | "skip" | "cancel";
  /** Milliseconds since 1970. */
  readonly startAt?: number;
  readonly endAt?: number;
  /** Seconds. */
  readonly jitter: number;
  readonly enabled: boolean;
  /** Arguments are made for each run: only the code knows them. */
  readonly lazy?: true;
}

/** A revision that holds no more, of which runs may be under way that are to be taken back. */
export interface OldRevision {
  readonly birth?: string;
  readonly revision: number;
  readonly spec: EntrySpec;
  readonly start: number;
  /** Up to here its slots were surely sent. */
  readonly sent: number;
  /** Of its slots those later than `from`, not later than `to`. */
  readonly from: number;
  readonly to: number;
  /** Of those up to `from` as well the ones that wait beyond it for their jitter or countdown. */
  readonly waiting?: true;
  /** Up to here its slots are taken back already. */
  readonly done?: number;
}

/** What is kept of an entry. */
export interface EntryRecord {
  /** Where it is declared: a plan changes entries of code only. */
  readonly kind: "code" | "dynamic";
  /** Of one that was added at run time: random, so that one that is removed and added again is another one. */
  readonly birth?: string;
  /** Rises with every edit. It is part of the ids of runs, so what was sent by an older one can be told, and revoked. */
  readonly revision: number;
  readonly spec: EntrySpec;
  /** Intervals are counted from here; milliseconds since 1970, as all instants are. */
  readonly start: number;
  /** Of all slots up to here it is decided whether they run. */
  readonly upTo: number;
  /** Runs that were sent and had begun when this was written, by the clock: those that wait are not among them. */
  readonly count: number;
  /** Slots that were not sent, because the run before them had not ended. */
  readonly skipped: number;
  /** Missed slots that are still to be sent, in stretches: later than `from`, not later than `to`. */
  readonly late?: readonly { readonly from: number; readonly to: number }[];
  /** Slot of the last run that is counted, and its id. */
  readonly lastRun?: number;
  readonly lastId?: string;
  /** Slots that were sent and wait for their instant, their jitter or their countdown: an edit may take them back. */
  readonly waiting?: readonly number[];
  /** When the last one that was sent could begin. */
  readonly lastAt?: number;
  /** Slots that were sent not long ago, or ahead of their time: where the schedule is only in code, which may have changed. */
  readonly ahead?: readonly number[];
  /** Since when it is paused. */
  readonly paused?: number;
  /** Since when it is in no plan any more. */
  readonly dropped?: number;
  /** Since when it is removed: it is kept until its runs are taken back. */
  readonly removed?: number;
  /** There while what was sent by it is not surely taken back. */
  readonly old?: OldRevision;
  /** Which revisions there were, and up to which slot each of them held: the latest last, of many the latest. */
  readonly earlier?: readonly { readonly revision: number; readonly upTo: number }[];
  /** Why it cannot be sent; nothing is, until it is edited. */
  readonly broken?: string;
}

const instant = z.int();
const count = z.int().check(z.minimum(0));

const Catchup: z.ZodMiniType<EntrySpec["catchup"]> = z.object({
  policy: z.enum(["skip", "once", "all"]),
  within: z.exactOptional(z.number()),
  limit: count,
});

const Late: z.ZodMiniType<NonNullable<EntryRecord["late"]>> = z.array(z.object({ from: instant, to: instant }));

const specShape = {
  task: Signature,
  schedule: z.unknown(),
  timezone: z.string(),
  catchup: Catchup,
  overlap: z.enum(["allow", "skip", "cancel"]),
  startAt: z.exactOptional(instant),
  endAt: z.exactOptional(instant),
  jitter: z.number(),
  enabled: z.boolean(),
  lazy: z.exactOptional(z.literal(true)),
} satisfies { readonly [K in keyof EntrySpec]-?: z.ZodMiniType<EntrySpec[K]> };

const Spec: z.ZodMiniType<EntrySpec> = z.object(specShape);

const oldShape = {
  birth: z.exactOptional(z.string()),
  revision: count,
  spec: Spec,
  start: instant,
  sent: instant,
  from: instant,
  to: instant,
  waiting: z.exactOptional(z.literal(true)),
  done: z.exactOptional(instant),
} satisfies {
  readonly [K in keyof OldRevision]-?: z.ZodMiniType<OldRevision[K]>;
};

const Earlier: z.ZodMiniType<NonNullable<EntryRecord["earlier"]>> = z.array(
  z.object({ revision: count, upTo: instant }),
);

const recordShape = {
  kind: z.enum(["code", "dynamic"]),
  birth: z.exactOptional(z.string()),
  revision: count,
  spec: Spec,
  start: instant,
  upTo: instant,
  count,
  skipped: count,
  late: z.exactOptional(Late),
  lastRun: z.exactOptional(instant),
  lastId: z.exactOptional(z.string()),
  waiting: z.exactOptional(z.array(instant)),
  lastAt: z.exactOptional(instant),
  ahead: z.exactOptional(z.array(instant)),
  paused: z.exactOptional(instant),
  dropped: z.exactOptional(instant),
  removed: z.exactOptional(instant),
  old: z.exactOptional(z.object(oldShape)),
  earlier: z.exactOptional(Earlier),
  broken: z.exactOptional(z.string()),
} satisfies { readonly [K in keyof EntryRecord]-?: z.ZodMiniType<EntryRecord[K]> };

const Record: z.ZodMiniType<EntryRecord> = z.object(recordShape);

/** Reads the text of an entry that is kept. Throws `InvalidMessageError` that names the field. */
export function readRecord(text: string): EntryRecord {
  const outcome = Record.safeParse(parseJson(text));
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "it" : issue.path.map(String).join(".");
  throw new InvalidMessageError(`What is kept of the entry cannot be read: ${place}: ${issue?.message ?? "invalid"}`);
}

/** The text that is kept. */
export function writeRecord(record: EntryRecord): string {
  return writeJson(record);
}

/** What a spec is compared by: the same for equal ones, in whatever order their fields are. */
export function textOfSpec(spec: EntrySpec): string {
  return writeJson(inOrder(spec));
}

/** The same of what says when an entry runs, and which missed runs are made up for. */
export function textOfTimes({
  task: _task,
  lazy: _lazy,
  overlap: _overlap,
  jitter: _jitter,
  ...times
}: EntrySpec): string {
  return writeJson(inOrder(times));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    entries.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, each]) => [name, inOrder(each)]),
  );
}

/** The revision that holds, or held, for a slot: part of the id of its run. */
export function revisionAt(
  { revision, earlier = [] }: Pick<EntryRecord, "revision" | "earlier">,
  slot: number,
): number {
  return earlier.find(({ upTo }) => slot <= upTo)?.revision ?? revision;
}

/** What is kept of an entry that is new at an instant: its first slot is the next one. One of code has no birth. */
export function newRecord(spec: EntrySpec, now: number, birth?: string): EntryRecord {
  const origin = birth === undefined ? ({ kind: "code" } as const) : ({ kind: "dynamic", birth } as const);
  return { ...origin, revision: 0, spec, start: startAt(now), upTo: now, count: 0, skipped: 0 };
}

/** From where intervals are counted that begin now: a full second, for slots are easier on the eye then. */
export function startAt(now: number): number {
  return Math.floor(now / 1000) * 1000;
}
