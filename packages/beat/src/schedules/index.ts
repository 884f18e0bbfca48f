/**
 * Rules that say when: by a crontab, an interval, the sun, or an application's own.
 *
 * They keep nothing and read no clock. What is sent at the instants that they answer is not known here.
 *
 * @module
 */

export { crontab } from "./crontab.ts";
export type { Crontab, CrontabFields, CrontabForm } from "./crontab.ts";
export type { FieldValue as CrontabField } from "./crontab-field.ts";
export type { FieldName as CrontabFieldName } from "./crontab-fields.ts";
export { interval } from "./interval.ts";
export type { IntervalForm, IntervalOptions } from "./interval.ts";
export { ownSchedule } from "./own.ts";
export type { OwnSchedule } from "./own.ts";
export { readSchedule } from "./read-schedule.ts";
export type { ScheduleForm } from "./read-schedule.ts";
export { scheduleOf } from "./schedule-of.ts";
export type { RelativeInterval, ScheduleInput } from "./schedule-of.ts";
export type { Schedule } from "./schedule.ts";
export { solar } from "./solar.ts";
export type { SolarEvent, SolarForm } from "./solar.ts";
export type { Interval } from "./span.ts";
export { within } from "./within.ts";
export type { Bounds, WithinForm } from "./within.ts";
