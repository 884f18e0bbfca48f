import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { solar, type SolarEvent } from "../src/schedules/index.ts";

function nextOf(event: SolarEvent, [latitude, longitude]: readonly [number, number], after: string) {
  return solar(event, latitude, longitude).next(new Date(after))?.toISOString();
}

const london = [51.5, -0.12] as const;
const tromso = [69.65, 18.96] as const;

describe("solar", () => {
  // What Celery answers, to the second (semantics 8.7).
  it.each<[SolarEvent, string]>([
    ["dawn_nautical", "01:40:51"],
    ["dawn_civil", "02:55:27"],
    ["sunrise", "03:43:15"],
    ["solar_noon", "12:02:24"],
    ["sunset", "20:21:32"],
    ["dusk_civil", "21:09:19"],
    ["dusk_nautical", "22:23:54"],
  ])("has %s in London on 21 June 2024 at %s", (event, time) => {
    expect(nextOf(event, london, "2024-06-21T00:00:00Z")).toBe(`2024-06-21T${time}.000Z`);
  });

  it("leaves out nights that do not get dark", () => {
    expect(nextOf("dawn_astronomical", london, "2024-06-21T00:00:00Z")).toMatch(/^2024-07-21T/);
  });

  it("leaves out days on which the sun does not rise or set, and knows noon on them", () => {
    expect(nextOf("sunrise", tromso, "2026-12-01T00:00:00Z")).toMatch(/^2027-01-1[456]T/);
    expect(nextOf("sunset", tromso, "2026-06-01T00:00:00Z")).toMatch(/^2026-07-2\dT/);
    expect(nextOf("solar_noon", tromso, "2026-12-01T00:00:00Z")).toMatch(/^2026-12-01T10:3/);
  });

  it("has no events at the poles, and one sunrise a year beside them", () => {
    expect(nextOf("sunrise", [90, 0], "2026-01-01T00:00:00Z")).toBeUndefined();
    expect(nextOf("solar_noon", [-90, 0], "2026-01-01T00:00:00Z")).toBeUndefined();
    expect(nextOf("sunrise", [89.99, 0], "2026-04-01T00:00:00Z")).toMatch(/^2027-03-1\dT/);
  });

  it("has no events near the first and the last instant of a Date, where none can be reckoned", () => {
    const noon = solar("solar_noon", 51, 0);

    for (const ms of [8.64e15, 8.64e15 - 1, -8.64e15]) expect(noon.next(new Date(ms))).toBeUndefined();
    expect(noon.next(new Date(5e15))?.getTime()).toBeGreaterThan(5e15);
  });

  it("answers the same instant, from wherever it is asked", () => {
    const sunset = solar("sunset", ...london);
    const [from, to] = [new Date("2026-03-01T00:00:00Z"), new Date("2026-03-11T00:00:00Z")];

    const days = [...sunset.between(from, to)];
    const asked = days.map((day) =>
      [1, 1000, 3_600_000, 86_000_000].map((before) => sunset.next(new Date(day.getTime() - before))),
    );

    expect(days).toHaveLength(10);
    expect(asked).toEqual(days.map((day) => [day, day, day, day]));
  });

  it("goes on to the next day from the event itself, on both sides of the date line", () => {
    for (const longitude of [-180, -179.9, 0, 179.9, 180]) {
      const noons = [...solar("solar_noon", -17, longitude).between(new Date("2026-01-01"), new Date("2026-02-01"))];
      const steps = noons.slice(1).map((noon, index) => noon.getTime() - (noons[index]?.getTime() ?? 0));

      expect(noons).toHaveLength(31);
      expect(steps.every((step) => Math.abs(step - 86_400_000) < 60_000)).toBe(true);
    }
  });

  it("has a text and a form", () => {
    const sunset = solar("sunset", 51.5, -0.12);

    expect(String(sunset)).toBe("solar(sunset, 51.5, -0.12)");
    expect(sunset.toJSON()).toEqual({ type: "solar", event: "sunset", latitude: 51.5, longitude: -0.12 });
  });

  it.each<[readonly unknown[], string]>([
    [["sunrize", 0, 0], 'no solar event "sunrize"; the nearest name is "sunrise"'],
    [["sunset", 90.1, 0], "The latitude of a solar schedule is 90.1: give degrees from -90 to 90"],
    [["sunset", 0, -181], "The longitude of a solar schedule is -181: give degrees from -180 to 180"],
    [["sunset", Number.NaN, 0], "The latitude of a solar schedule is NaN"],
    [["sunset", "51", 0], 'The latitude of a solar schedule is "51"'],
    [["sunset", 51], "The longitude of a solar schedule is undefined"],
  ])("refuses %j when it is declared", (given, reason) => {
    // No compiler has seen it.
    const declare = (): unknown => Reflect.apply(solar, undefined, given);

    expect(declare).toThrow(ImproperlyConfigured);
    expect(declare).toThrow(reason);
  });
});
