import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { interval, type OwnSchedule, ownSchedule, type Schedule } from "../src/schedules/index.ts";

const start = new Date("2026-01-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

/** Full moons are about so many seconds apart. */
const month = 2_551_443;
const moons: OwnSchedule = {
  next: (after) => new Date((Math.floor(after.getTime() / 1000 / month) + 1) * month * 1000),
  toString: () => "full moons",
};

describe("a schedule of an application's own", () => {
  it("needs no more than next", () => {
    const whole = ownSchedule({
      next: (after) => (after < later(30) ? new Date(after.getTime() + 10_000) : undefined),
    });

    expect([...whole.between(start, later(60))]).toEqual([later(10), later(20), later(30)]);
    expect(whole.next(later(30))).toBeUndefined();
    expect(whole.toJSON()).toBeUndefined();
    expect(whole).not.toHaveProperty("startingAt");
  });

  it("keeps what else it has, as methods of its own", () => {
    class Tides {
      readonly every = interval("12h25m");
      next(after: Date) {
        return this.every.next(after);
      }
      between(from: Date, to: Date) {
        return this.every.between(from, to);
      }
      toJSON() {
        return { tides: this.every.toJSON() };
      }
      toString() {
        return `tides, ${this.every.toString()}`;
      }
    }
    const tides = ownSchedule(new Tides());

    expect(tides.next(start)).toEqual(later(44_700));
    expect([...tides.between(start, later(90_000))]).toEqual([later(44_700), later(89_400)]);
    expect(String(tides)).toBe("tides, every 12 hours 25 minutes");
    expect(tides.toJSON()).toEqual({ tides: { type: "interval", every: 44_700 } });
  });

  it("is told the zone, and counted from an instant if it can be", () => {
    const asked: unknown[] = [];
    const given = { next: (after: Date, zone?: string) => (asked.push(zone), interval(60).next(after)) };

    ownSchedule(given).next(start, "Europe/Oslo");
    const counted = ownSchedule(interval(60)).startingAt?.(later(5));

    expect(asked).toEqual(["Europe/Oslo"]);
    expect(counted?.next(start)).toEqual(later(5));
  });

  it("has null as none, as many programs do", () => {
    expect(untyped({ next: () => null }).next(start)).toBeUndefined();
  });

  it.each<[string, (after: Date) => unknown, string]>([
    ["an instant that is not later", (after) => after, "which is not later than 2026-01-01T00:00:00.000Z"],
    ["an earlier one", () => new Date(0), "answers 1970-01-01T00:00:00.000Z, which is not later"],
    ["an invalid Date", () => new Date("soon"), "answers Invalid Date: give a valid Date, or undefined"],
    ["a number", () => 5, "answers 5: give a valid Date"],
    ["a promise", () => Promise.resolve(start), "answers [object Promise]: give a valid Date"],
    ["nothing but an error", () => missing(), "fails: no moon"],
  ])("that answers %s is named, and no loop over it goes on", (_, next, reason) => {
    const wrong = untyped({ ...moons, next });
    const asks = [() => wrong.next(start), () => [...wrong.between(start, later(60))]];

    for (const ask of asks) {
      expect(ask).toThrow(ImproperlyConfigured);
      expect(ask).toThrow('The schedule "full moons"');
      expect(ask).toThrow(reason);
    }
  });

  it("that answers them in no order between two instants is named", () => {
    const wrong = ownSchedule({ ...moons, between: () => [later(20), later(10)] });

    expect(() => [...wrong.between(start, later(60))]).toThrow('"full moons" answers 2026-01-01T00:00:10.000Z, which');
  });

  it("that knows no end is asked for no more than is wanted", () => {
    const endless = ownSchedule({
      ...moons,
      *between(from) {
        for (let at = from.getTime() + 1000; ; at += 1000) yield new Date(at);
      },
    });

    expect([...endless.between(start, later(3))]).toEqual([later(1), later(2), later(3)]);
  });

  it("cannot be without next", () => {
    // No compiler has seen either.
    expect(() => Reflect.apply(ownSchedule, undefined, [{}])).toThrow("needs a method next(after)");
    expect(() => Reflect.apply(ownSchedule, undefined, [])).toThrow("needs a method next(after)");
  });

  it("may change the Date that it is asked with", () => {
    const after = new Date(start);

    ownSchedule({ next: (date) => new Date(date.setUTCFullYear(2027)) }).next(after);

    expect(after).toEqual(start);
  });
});

/** Takes what no compiler has seen. */
function untyped(given: unknown): Schedule {
  return Reflect.apply(ownSchedule, undefined, [given]);
}

function missing(): never {
  throw new RangeError("no moon");
}
