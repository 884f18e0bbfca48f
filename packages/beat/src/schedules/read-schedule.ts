/**
 * Schedules read from the form in which they are kept.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import * as z from "zod/mini";
import { crontab, type CrontabForm } from "./crontab.ts";
import { interval, type IntervalForm } from "./interval.ts";
import type { Schedule } from "./schedule.ts";
import { solar, type SolarEvent, type SolarForm } from "./solar.ts";
import { within, type WithinForm } from "./within.ts";

/** The form in which a schedule is kept, as its `toJSON` gives it. */
export type ScheduleForm = IntervalForm | CrontabForm | SolarForm | WithinForm;

type ShapeOf<T> = { readonly [K in keyof T]-?: z.ZodMiniType<T[K]> };

const text = z.string();
const instant = z.int();

const intervalShape = {
  type: z.literal("interval"),
  every: z.number(),
  relative: z.exactOptional(z.literal(true)),
  timezone: z.exactOptional(text),
  startingAt: z.exactOptional(instant),
} satisfies ShapeOf<IntervalForm>;

const crontabShape = {
  type: z.literal("crontab"),
  second: z.exactOptional(text),
  minute: text,
  hour: text,
  dayOfWeek: text,
  dayOfMonth: text,
  monthOfYear: text,
} satisfies ShapeOf<CrontabForm>;

const solarShape = {
  type: z.literal("solar"),
  // Whether it is one is told by solar(), which has the better sentence.
  event: z.custom<SolarEvent>((event) => typeof event === "string"),
  latitude: z.number(),
  longitude: z.number(),
} satisfies ShapeOf<SolarForm>;

const withinShape = {
  type: z.literal("within"),
  schedule: z.unknown(),
  startAt: z.exactOptional(instant),
  endAt: z.exactOptional(instant),
} satisfies ShapeOf<WithinForm>;

/** What makes a schedule of each form. */
const readers: Readonly<Record<ScheduleForm["type"], (form: unknown) => Schedule>> = {
  interval: readInterval,
  crontab: readCrontab,
  solar: readSolar,
  within: readWithin,
};

/**
 * The schedule that `toJSON` gave the form of. Throws `ImproperlyConfigured` for an unknown type, for a damaged form, and for
 * a value that the schedule itself refuses.
 */
export function readSchedule(json: unknown): Schedule {
  const { type } = read("A schedule that is kept", z.looseObject({ type: text }), json);
  if (isKnown(type)) return readers[type](json);
  throw new ImproperlyConfigured(
    `There is no schedule of type "${type}"; there are ${Object.keys(readers).join(", ")}`,
  );
}

/** Whether something is the form of a schedule, by its type: `readSchedule` looks at the rest of it. */
export function isForm(json: unknown): json is ScheduleForm {
  const { type }: { readonly type?: unknown } = Object(json);
  return typeof type === "string" && isKnown(type);
}

function isKnown(type: string): type is ScheduleForm["type"] {
  return Object.hasOwn(readers, type);
}

function readInterval(form: unknown): Schedule {
  const { every, relative = false, timezone, startingAt } = read("An interval", z.strictObject(intervalShape), form);
  const schedule = interval(every, { relative, ...(timezone !== undefined && { timezone }) });
  return (startingAt === undefined ? undefined : schedule.startingAt?.(new Date(startingAt))) ?? schedule;
}

function readCrontab(form: unknown): Schedule {
  const { type: _, ...fields } = read("A crontab", z.strictObject(crontabShape), form);
  return crontab(fields);
}

function readSolar(form: unknown): Schedule {
  const { event, latitude, longitude } = read("A solar schedule", z.strictObject(solarShape), form);
  return solar(event, latitude, longitude);
}

function readWithin(form: unknown): Schedule {
  const { type: _, schedule, ...bounds } = read("A schedule with bounds", z.strictObject(withinShape), form);
  return within(readSchedule(schedule), bounds);
}

function read<T>(what: string, schema: z.ZodMiniType<T>, json: unknown): T {
  const outcome = schema.safeParse(json);
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "it" : issue.path.map(String).join(".");
  throw new ImproperlyConfigured(`${what} cannot be read: ${place}: ${issue?.message ?? "invalid"}`);
}
