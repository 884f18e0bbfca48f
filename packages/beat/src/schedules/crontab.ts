/**
 * Schedules by the fields of a crontab, in Celery's grammar.
 *
 * All fields have to match, weekday and day of the month too: `0 0 13 * fri` is Friday the 13th. Other crons run on each
 * Friday and on each 13th.
 *
 * @module
 */

import { checkNames } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import { type FieldValue, type ReadField, readField } from "./crontab-field.ts";
import { type FieldName, fields, type TextField, textOrder } from "./crontab-fields.ts";
import { nextInstant } from "./crontab-next.ts";
import { shown } from "./crontab-refusal.ts";
import { isPossible, ruleOf } from "./crontab-rule.ts";
import { fieldsIn } from "./crontab-text.ts";
import { hasFields } from "./has-fields.ts";
import { dateAt, millisecondsOf } from "./instant.ts";
import type { Schedule } from "./schedule.ts";
import { walk } from "./walk.ts";
import { zoneOf } from "./zone.ts";

/** The fields of a crontab; one that is not given allows all, but for the second: that is 0 then. */
export type CrontabFields = Readonly<Partial<Record<FieldName, FieldValue>>>;

/** The form in which a crontab is kept: the fields as they were written. */
export interface CrontabForm extends Readonly<Record<TextField, string>> {
  readonly type: "crontab";
  readonly second?: string;
}

/** A schedule of fixed times, or of a rhythm where every hour is allowed; docs/dst.md tells what clock changes do to both. */
export interface Crontab extends Schedule {
  toJSON(): CrontabForm;
}

/**
 * A schedule by its fields, or by a text: `crontab({ hour: 7, minute: 30, dayOfWeek: "mon-fri" })`,
 * `crontab("30 7 * * mon-fri")` (minute, hour, dayOfMonth, monthOfYear, dayOfWeek; with six fields the second is the first).
 *
 * A field is a number, a text or a list of numbers. Texts have numbers, names (`mon`, `january`), ranges that may wrap
 * (`fri-mon`), steps (an asterisk and `/15`, or `8-17/2`) and lists of these (`0,30`). Sunday is 0 or 7. `@daily` and its
 * like are known too. All fields have to match, in a text as well.
 *
 * Throws `ImproperlyConfigured`, with the field, the value and what is allowed, and for dates that never come (31 April).
 */
export function crontab(given: CrontabFields | string = {}): Crontab {
  const written = typeof given === "string" ? fieldsIn(given) : checked(given);
  const read = readAll(written);
  const rule = ruleOf(read);
  const form = formOf(read, written.second !== undefined);
  if (!isPossible(rule)) throw impossible(form);
  const next = (after: Date, timezone?: string) => {
    const second = Math.floor(millisecondsOf("What a crontab is asked after", after) / 1000);
    return dateAt(nextInstant(rule, zoneOf(timezone), second) * 1000);
  };

  return {
    next,
    between: (from, to, timezone) => walk((after) => next(after, timezone), from, to),
    toJSON: () => form,
    toString: () => `crontab(${textOf(form)})`,
  };
}

/** No compiler may have seen it. */
function checked(given: unknown): CrontabFields {
  if (!hasFields(given)) {
    throw new ImproperlyConfigured(`The crontab ${shown(given)} is neither a text nor an object of fields`);
  }
  checkNames(given, Object.keys(fields), "field of the crontab");
  return given;
}

function readAll(written: CrontabFields): Readonly<Record<FieldName, ReadField>> {
  const read = (name: FieldName, absent: string) =>
    readField(fields[name], written[name] === undefined ? absent : written[name]);
  return {
    second: read("second", "0"),
    minute: read("minute", "*"),
    hour: read("hour", "*"),
    dayOfWeek: read("dayOfWeek", "*"),
    dayOfMonth: read("dayOfMonth", "*"),
    monthOfYear: read("monthOfYear", "*"),
  };
}

function formOf(read: Readonly<Record<FieldName, ReadField>>, hasSecond: boolean): CrontabForm {
  return {
    type: "crontab",
    ...(hasSecond ? { second: read.second.text } : {}),
    minute: read.minute.text,
    hour: read.hour.text,
    dayOfWeek: read.dayOfWeek.text,
    dayOfMonth: read.dayOfMonth.text,
    monthOfYear: read.monthOfYear.text,
  };
}

function textOf(form: CrontabForm): string {
  return [...(form.second === undefined ? [] : [form.second]), ...textOrder.map((name) => form[name])].join(" ");
}

function impossible({ dayOfMonth, monthOfYear }: CrontabForm): ImproperlyConfigured {
  return new ImproperlyConfigured(
    `The crontab's dayOfMonth "${dayOfMonth}" never comes in monthOfYear "${monthOfYear}": no such month is that long`,
  );
}
