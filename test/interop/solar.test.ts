import { spawnSync } from "node:child_process";
import { solar, type SolarEvent } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { hasPythonCelery, runPython } from "../python-celery.ts";

const hasEphem = spawnSync("/usr/bin/python3", ["-c", "import ephem"]).status === 0;
if (!hasEphem) {
  const advice = "Python's ephem is missing: apt-get install python3-ephem";
  if (process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(advice);
  console.warn(`Skipped tests: ${advice}`);
}

/**
 * What Celery's solar answers. Two defects of it are mended here: the angle of `dusk_astronomical` has no minus there, and a
 * day without the event is an exception, where "the next day" is meant.
 */
const program = `
import json, sys
from datetime import datetime, timedelta, timezone
import ephem
from celery import Celery
from celery.schedules import solar

app = Celery(timezone="UTC")

def following(event, latitude, longitude, after):
    schedule = solar(event, latitude, longitude, nowfun=lambda: after, app=app)
    if event == "dusk_astronomical":
        schedule.cal.horizon = "-18"
    last = after
    while True:
        try:
            return after + schedule.remaining_estimate(last)
        except (TypeError, ephem.CircumpolarError):
            schedule.cal.date = last
            midnight = schedule.cal.next_antitransit(ephem.Sun()).datetime()
            last = midnight.replace(tzinfo=timezone.utc) + timedelta(minutes=1)

places, events, dates = (json.loads(each) for each in sys.argv[1:])
for latitude, longitude in places:
    for event in events:
        for date in dates:
            after = datetime.fromtimestamp(date / 1000, timezone.utc)
            print(json.dumps(following(event, latitude, longitude, after).timestamp() * 1000))
`;

const events: readonly SolarEvent[] = [
  "dawn_astronomical",
  "dawn_nautical",
  "dawn_civil",
  "sunrise",
  "solar_noon",
  "sunset",
  "dusk_civil",
  "dusk_nautical",
  "dusk_astronomical",
];

/** From the equator to the polar circles, on both sides of the date line: Quito, Singapore, Sydney, London, Tromsø and so on. */
const places = [
  [-0.18, -78.47],
  [1.35, 103.8],
  [-33.87, 151.2],
  [40.7, -74],
  [51.5, -0.12],
  [-45.03, 168.66],
  [60.17, 24.94],
  [-54.8, -68.3],
  [64.15, -21.94],
  [-17.7, 178.1],
  [-13.8, -171.8],
  [69.65, 18.96],
] as const;

const days = process.env["UMBEL_TEST_LEVEL"] === "full" ? 15 : 31;
const dates = Array.from(
  { length: Math.floor(366 / days) },
  (_, index) => Date.parse("2026-01-03T05:00:00Z") + index * days * 86_400_000,
);

describe.skipIf(!hasPythonCelery || !hasEphem)("solar, beside Celery's", () => {
  it("gives the same next event, to two seconds, but where the sun barely comes to the angle", async () => {
    const cases = places.flatMap(([latitude, longitude]) =>
      events.flatMap((event) => dates.map((after) => ({ event, latitude, longitude, after }))),
    );

    const theirs = await runPython(
      program,
      [places, events, dates].map((each) => JSON.stringify(each)),
    );
    const differences = cases.map(({ event, latitude, longitude, after }, index) => {
      const ours = solar(event, latitude, longitude).next(new Date(after))?.getTime() ?? Number.NaN;
      return { event, latitude, after: new Date(after), seconds: Math.abs(ours - Number(theirs[index])) / 1000 };
    });

    expect(theirs).toHaveLength(cases.length);
    expect(differences.filter(({ seconds }) => !(seconds <= 30))).toEqual([]);
    expect(differences.filter(({ seconds }) => seconds > 2).length).toBeLessThan(cases.length / 50);
  });
});
