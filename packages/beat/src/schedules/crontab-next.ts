/**
 * The next instant of a crontab in a zone: what its fields allow, by clocks that are put forward and back.
 *
 * Where every hour is allowed, a schedule is a rhythm: it fires whenever clocks show an allowed moment, twice when they show
 * it twice, and a moment that they skip is none. Where hours are named, it is a list of fixed times: each fires once, when
 * clocks first show it or, skipping it, something later. docs/dst.md has the same with examples.
 *
 * @module
 */

import { isHourly, nextMoment, type Rule } from "./crontab-rule.ts";
import { mostShift, type Zone } from "./zone.ts";

/** The last second that a `Date` can be: zones are asked about none that is later. */
const lastSecond = 8.64e12;

/** The first instant later than `after`, in seconds since 1970. It may be later than any `Date`. */
export function nextInstant(rule: Rule, zone: Zone, after: number): number {
  return isHourly(rule) ? nextOfRhythm(rule, zone, after + 1) : nextFixed(rule, zone, after);
}

/** The first of its times that clocks have not come to yet: so its instant is later. */
function nextFixed(rule: Rule, zone: Zone, after: number): number {
  const { offset, reached } = zone.at(after);
  const moment = nextMoment(rule, Math.max(after + offset + 1, reached));
  return moment > lastSecond + mostShift ? moment : zone.reaching(moment);
}

/** Looks at each span by its own clock. */
function nextOfRhythm(rule: Rule, zone: Zone, from: number): number {
  let at = from;
  for (;;) {
    const { end, offset } = zone.at(at);
    const moment = nextMoment(rule, at + offset);
    if (moment < end + offset || moment > lastSecond + mostShift) return moment - offset;
    // Far from the span's end nothing before this moment is shown again, and whole spans can be passed over.
    at = end - at < mostShift ? end : Math.max(end, moment - mostShift);
  }
}
