/**
 * When the sun does what, somewhere: the only file that knows the library which computes it.
 *
 * Solar days are counted at the place's own longitude. Each event is searched for between two fixed instants of its day, so
 * whoever looks for it, from wherever, finds the same one to the millisecond.
 *
 * @module
 */

import { Body, Observer, SearchAltitude, SearchHourAngle, SearchRiseSet } from "astronomy-engine";

/** A point on earth, in degrees; north and east are positive. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** What the sun does. */
export interface SunEvent {
  readonly motion: "rises" | "culminates" | "sets";
  /**
   * Degrees that its centre is above the horizon then. When absent it is its upper limb that is on the horizon, with 34
   * minutes of arc of refraction.
   */
  readonly altitude?: number;
}

const hour = 3_600_000;
const day = 24 * hour;

/** The number of the solar day in which an instant is; days begin at mean midnight. */
export function solarDayOf(instant: number, { longitude }: Place): number {
  return Math.floor(instant / day + longitude / 360);
}

/** The instant of an event in a solar day, to the second; undefined when the sun does not do so on that day. */
export function sunEventOn(solarDay: number, event: SunEvent, place: Place): number | undefined {
  const observer = new Observer(place.latitude, place.longitude, 0);
  const found = instantOf(event, observer, solarDay);
  return found === undefined ? undefined : Math.round(found / 1000) * 1000;
}

/** The sun rises between two noons and sets between two midnights, at most once: so grazing days need no care. */
function instantOf({ motion, altitude }: SunEvent, observer: Observer, solarDay: number): number | undefined {
  const midnight = (solarDay - observer.longitude / 360) * day;
  const noon = midnight + day / 2;
  if (motion === "culminates") return turn(observer, 0, noon);
  const [from, to] =
    motion === "rises"
      ? [turn(observer, 0, noon - day), turn(observer, 0, noon)]
      : [turn(observer, 12, midnight), turn(observer, 12, midnight + day)];
  const [direction, start, days] = [motion === "rises" ? 1 : -1, new Date(from), (to - from) / day];
  const found =
    altitude === undefined
      ? SearchRiseSet(Body.Sun, observer, direction, start, days)
      : SearchAltitude(Body.Sun, observer, direction, start, days, altitude);
  return found?.date.getTime();
}

/** When the sun's hour angle is 0 (noon) or 12; the mean instant of it is never off by more than 17 minutes. */
function turn(observer: Observer, hourAngle: number, mean: number): number {
  return SearchHourAngle(Body.Sun, observer, hourAngle, new Date(mean - 3 * hour)).time.date.getTime();
}
