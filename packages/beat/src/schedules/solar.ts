/**
 * Schedules by the sun, with Celery's events.
 *
 * @module
 */

import { checkNames } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import { dateAt, millisecondsOf } from "./instant.ts";
import type { Schedule } from "./schedule.ts";
import { type Place, solarDayOf, type SunEvent, sunEventOn } from "./sun.ts";
import { walk } from "./walk.ts";

/** What the sun does, by Celery's names. */
export type SolarEvent =
  | "dawn_astronomical"
  | "dawn_nautical"
  | "dawn_civil"
  | "sunrise"
  | "solar_noon"
  | "sunset"
  | "dusk_civil"
  | "dusk_nautical"
  | "dusk_astronomical";

/** The form in which a solar schedule is kept. */
export interface SolarForm {
  readonly type: "solar";
  readonly event: SolarEvent;
  readonly latitude: number;
  readonly longitude: number;
}

/** Celery's angles; its own `dusk_astronomical` lacks the minus, and comes in the afternoon. */
const events: Readonly<Record<SolarEvent, SunEvent>> = {
  dawn_astronomical: { motion: "rises", altitude: -18 },
  dawn_nautical: { motion: "rises", altitude: -12 },
  dawn_civil: { motion: "rises", altitude: -6 },
  sunrise: { motion: "rises" },
  solar_noon: { motion: "culminates" },
  sunset: { motion: "sets" },
  dusk_civil: { motion: "sets", altitude: -6 },
  dusk_nautical: { motion: "sets", altitude: -12 },
  dusk_astronomical: { motion: "sets", altitude: -18 },
};

/** Milliseconds from 1970, on both sides, for which the sun is reckoned: some 190,000 years. Near a Date's ends it cannot be. */
const known = 6e15;

/** Days that are looked through: what does not happen within a year and some never does. */
const horizon = 400;

/**
 * An event of the sun at a place, in degrees, north and east positive; to the second, in whatever zone. Days without the
 * event, polar ones, are left out; at a pole itself there are no days, and no events, nor are there any in the year 200,000. Throws `ImproperlyConfigured` for
 * an event that there is not, and for a place that is not on earth.
 */
export function solar(event: SolarEvent, latitude: number, longitude: number): Schedule {
  checkNames({ [event]: true }, Object.keys(events), "solar event");
  checkDegrees("latitude", latitude, 90);
  checkDegrees("longitude", longitude, 180);
  const next = (after: Date): Date | undefined => nextOf(events[event], { latitude, longitude }, after);

  return {
    next,
    between: (from, to) => walk(next, from, to),
    toJSON: (): SolarForm => ({ type: "solar", event, latitude, longitude }),
    toString: () => `solar(${event}, ${latitude}, ${longitude})`,
  };
}

function nextOf(event: SunEvent, place: Place, after: Date): Date | undefined {
  const instant = millisecondsOf("What a solar schedule is asked after", after);
  if (Math.abs(place.latitude) === 90 || Math.abs(instant) > known) return undefined;
  const today = solarDayOf(instant, place);
  for (let day = today - 1; day <= today + horizon; day++) {
    const found = sunEventOn(day, event, place);
    if (found !== undefined && found > instant) return dateAt(found);
  }
  return undefined;
}

/** No compiler may have seen it. */
function checkDegrees(what: string, degrees: unknown, most: number): void {
  if (typeof degrees === "number" && Math.abs(degrees) <= most) return;
  throw new ImproperlyConfigured(
    `The ${what} of a solar schedule is ${typeof degrees === "string" ? JSON.stringify(degrees) : String(degrees)}: give degrees from -${most} to ${most}`,
  );
}
