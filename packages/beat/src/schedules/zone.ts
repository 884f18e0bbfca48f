/**
 * Time zones as tables of integers: what clocks show at an instant, and when they first show a moment.
 *
 * The runtime's own time zone data are read by temporal-polyfill, a span at a time, when it is first asked for. UTC needs no
 * library. Instants and moments are seconds from 1970-01-01 00:00, those by UTC and these as a zone's clocks show them.
 *
 * @module
 */

import { create, getTimeZoneTransition, offsetNanoseconds } from "temporal-polyfill/fns/ZonedDateTime";
import { unknownZone } from "./zone-names.ts";

/** A stretch of time in which clocks are not changed. */
export interface Span {
  /** Its first instant. */
  readonly start: number;
  /** The first instant after it. */
  readonly end: number;
  /** Seconds that clocks are ahead of UTC. */
  readonly offset: number;
  /** How far clocks had come before it: the first moment that they had not shown, and nothing later. */
  readonly reached: number;
}

/** A zone, ready to be asked. */
export interface Zone {
  /** The span of an instant. */
  at(instant: number): Span;
  /** The first instant at which clocks show a moment, or something later. */
  reaching(moment: number): number;
}

/** Seconds: clocks differ by less from one zone to another, and from one time to another. */
export const mostShift: number = 2 * 86_400;

/** So many zones, and so many spans of each, are kept. */
const mostZones = 100;
const mostSpans = 500;

const always: Span = { start: -Infinity, end: Infinity, offset: 0, reached: -Infinity };
const never: Span = { start: 0, end: 0, offset: 0, reached: 0 };
const utc: Zone = { at: () => always, reaching: (moment) => moment };
const zones = new Map<string, Zone>();

/** A zone by its IANA name; UTC when there is none. Throws `ImproperlyConfigured` for an unknown name, with the nearest one. */
export function zoneOf(name: string | undefined): Zone {
  if (name === undefined || name === "UTC") return utc;
  const known = zones.get(name);
  if (known !== undefined) return known;
  const [oldest] = zones.keys();
  const zone = readZone(name);
  if (zones.size >= mostZones && oldest !== undefined) zones.delete(oldest);
  zones.set(name, zone);
  return zone;
}

function readZone(name: string): Zone {
  try {
    offsetAt(name, 0);
  } catch (cause) {
    throw unknownZone(name, cause);
  }
  const find = spansOf(name);
  let last = never;
  const at = (instant: number) => {
    if (instant < last.start || instant >= last.end) last = find(instant);
    return last;
  };
  return { at, reaching: (moment) => reaching(at, last, moment) };
}

function reaching(at: Zone["at"], likely: Span, moment: number): number {
  let span = moment >= likely.reached && moment < likely.end + likely.offset ? likely : at(moment - mostShift);
  while (moment >= span.end + span.offset) span = at(span.end);
  return Math.max(span.start, moment - span.offset);
}

/** Finds spans, and keeps those that were found, in order. */
function spansOf(name: string): (instant: number) => Span {
  const known: Span[] = [];
  return (instant) => {
    const index = firstAfter(known, instant);
    const before = known[index - 1];
    if (before !== undefined && instant < before.end) return before;
    const span = readSpan(name, instant);
    if (known.length >= mostSpans) known.length = 0;
    known.splice(firstAfter(known, instant), 0, span);
    return span;
  };
}

/** The index of the first span that begins after an instant. */
function firstAfter(spans: readonly Span[], instant: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.start ?? Infinity) > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** No span is so short that clocks had been further before the one in front of it. */
function readSpan(name: string, instant: number): Span {
  const [start, end] = [changeBefore(name, instant + 1), changeAfter(name, instant)];
  return { start, end, offset: offsetAt(name, instant), reached: start + offsetAt(name, start - 1) };
}

/** The last change of clocks before an instant; `-Infinity` when there is none. */
function changeBefore(name: string, instant: number): number {
  return secondsOf(getTimeZoneTransition(zoned(name, instant), "previous")) ?? -Infinity;
}

/** The first change of clocks after an instant; `Infinity` when there is none. */
function changeAfter(name: string, instant: number): number {
  return secondsOf(getTimeZoneTransition(zoned(name, instant), "next")) ?? Infinity;
}

function secondsOf(zonedTime: { readonly epochNanoseconds: bigint } | null): number | undefined {
  return zonedTime === null ? undefined : Number(zonedTime.epochNanoseconds / 1_000_000_000n);
}

function offsetAt(name: string, instant: number): number {
  return offsetNanoseconds(zoned(name, instant)) / 1e9;
}

/** An instant in a zone, as the library takes both; it knows those that a `Date` can be. */
function zoned(name: string, instant: number): ReturnType<typeof create> {
  const possible = Math.min(Math.max(instant, -8.64e12), 8.64e12);
  return create(BigInt(possible) * 1_000_000_000n, name);
}
