import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EncodeError, InvalidMessageError, readDate, writeDate } from "../src/index.ts";
import { hasPython, python } from "./python.ts";
import { runs } from "./runs.ts";

const instant = fc.integer({ min: Date.UTC(1, 0, 1) - 1900 * 365 * 86_400_000, max: Date.UTC(9999, 11, 31) });

describe("writeDate", () => {
  it("writes exactly six digits of fraction, and the offset", () => {
    expect(writeDate(Date.UTC(2026, 10, 21, 6, 51, 4, 854))).toBe("2026-11-21T06:51:04.854000+00:00");
    expect(writeDate(0)).toBe("1970-01-01T00:00:00.000000+00:00");
  });

  it.each([Number.NaN, Infinity, Date.UTC(10_000, 0, 1), Date.UTC(0, 0, 1) - 1901 * 366 * 86_400_000])(
    "refuses %d, which Python has no date for",
    (ms) => {
      expect(() => writeDate(ms)).toThrow(EncodeError);
    },
  );

  it.skipIf(!hasPython())("writes what Python reads as the same instant", () => {
    const instants = fc.sample(instant, runs);
    const program = `
import datetime, json, sys
epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
texts = json.load(sys.stdin)
print([(datetime.datetime.fromisoformat(text) - epoch) // datetime.timedelta(milliseconds=1) for text in texts])`;

    expect(JSON.parse(python(program, JSON.stringify(instants.map(writeDate))))).toEqual(instants);
  });
});

describe("readDate", () => {
  it("undoes writeDate", () => {
    fc.assert(
      fc.property(instant, (ms) => {
        expect(readDate(writeDate(ms))).toBe(ms);
      }),
      { numRuns: runs },
    );
  });

  it.each([
    ["2026-11-21T06:51:04.854146+00:00", 854],
    ["2026-11-21T06:51:04.854999+00:00", 854],
    ["2026-11-21T06:51:04.854146", 854],
    ["2026-11-21T06:51:04.854Z", 854],
    ["2026-11-21T06:51:04.8Z", 800],
    ["2026-11-21T06:51:04,854Z", 854],
    ["2026-11-21 06:51:04.854", 854],
    ["2026-11-21T06:51:04+00:00", 0],
    ["2026-11-21T08:51:04+02:00", 0],
    ["2026-11-21T12:21:04+05:30", 0],
    ["2026-11-21T01:51:04-0500", 0],
    ["2026-11-21T01:51:04-05", 0],
    ["2026-11-21T07:51:05.5+01:00:01", 500],
    ["2026-11-22T00:51:04+18:00", 0],
  ])("reads %s", (text, ms) => {
    expect(readDate(text)).toBe(Date.UTC(2026, 10, 21, 6, 51, 4, ms));
  });

  it("takes a day, and an hour and minute, for its start", () => {
    expect(readDate("2030-01-02")).toBe(Date.UTC(2030, 0, 2));
    expect(readDate("2030-01-02T03:04Z")).toBe(Date.UTC(2030, 0, 2, 3, 4));
    expect(readDate("2028-02-29")).toBe(Date.UTC(2028, 1, 29));
  });

  it.each([
    "",
    "tomorrow",
    "1795244576.6",
    "2026-13-01",
    "2026-02-30T00:00:00",
    "2027-02-29",
    "2026-11-21T24:00:00",
    "2026-11-21T06:60:00",
    "2026-11-21T06:51:04+24:00",
    "2026-11-21T06:51:04 UTC",
    "2026-11-21T06:51:04.",
    "21.11.2026",
    " 2026-11-21",
  ])("refuses %j by name", (text) => {
    expect(() => readDate(text)).toThrow(
      new InvalidMessageError(`Not an ISO 8601 date and time: ${JSON.stringify(text)}`),
    );
  });

  it.skipIf(!hasPython())("reads what Python writes, in any zone", () => {
    const program = `
import datetime, json, random
random.seed(1)
def stamp():
    zone = random.choice([None, datetime.timezone.utc, datetime.timezone(datetime.timedelta(seconds=random.randint(-86399, 86399)))])
    return datetime.datetime.fromtimestamp(random.randint(0, 2 ** 32), zone).replace(microsecond=random.choice([0, 1, 999, 1000, 854146]))
def ms(stamp):
    aware = stamp if stamp.tzinfo else stamp.replace(tzinfo=datetime.timezone.utc)
    return (aware - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(milliseconds=1)
print(json.dumps([(stamp.isoformat(), str(stamp), ms(stamp)) for stamp in [stamp() for _ in range(${runs})]]))`;
    const written: readonly [iso: string, spaced: string, ms: number][] = JSON.parse(python(program, ""));

    for (const [iso, spaced, ms] of written) expect([readDate(iso), readDate(spaced)]).toEqual([ms, ms]);
  });
});
