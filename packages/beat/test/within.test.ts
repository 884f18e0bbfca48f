import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { crontab, interval, ownSchedule, within } from "../src/schedules/index.ts";

const at = (time: string) => new Date(`2026-01-01T${time}Z`);
const hourly = crontab({ minute: 0 });

describe("a schedule with bounds", () => {
  it("has its first instant where it starts, and its last one where it ends", () => {
    const bounded = within(hourly, { startAt: at("09:00:00"), endAt: at("11:00:00").getTime() });

    expect(bounded.next(at("00:00:00"))).toEqual(at("09:00:00"));
    expect(bounded.next(at("10:00:00"))).toEqual(at("11:00:00"));
    expect(bounded.next(at("11:00:00"))).toBeUndefined();
    expect([...bounded.between(at("00:00:00"), at("23:00:00"))]).toEqual([
      at("09:00:00"),
      at("10:00:00"),
      at("11:00:00"),
    ]);
  });

  it("has one bound, or none", () => {
    expect(within(hourly, { endAt: at("11:00:00") }).next(at("00:30:00"))).toEqual(at("01:00:00"));
    expect(within(hourly, { startAt: at("11:00:00") }).next(at("12:30:00"))).toEqual(at("13:00:00"));
    expect(within(hourly, {}).next(at("12:30:00"))).toEqual(at("13:00:00"));
  });

  it("counts an interval from its start, whatever else it is counted from", () => {
    const bounded = within(interval("1h"), { startAt: at("09:17:00") });

    expect(bounded.next(at("00:00:00"))).toEqual(at("09:17:00"));
    expect(bounded.next(at("10:00:00"))).toEqual(at("10:17:00"));
    expect(bounded).not.toHaveProperty("startingAt");
  });

  it("is counted from an instant where it has no start", () => {
    const bounded = within(interval("1h"), { endAt: at("11:00:00") }).startingAt?.(at("00:05:00"));

    expect(bounded?.next(at("09:00:00"))).toEqual(at("09:05:00"));
    expect(bounded?.next(at("10:30:00"))).toBeUndefined();
  });

  it("has a text, and a form where the schedule has one", () => {
    const bounds = { startAt: 0, endAt: at("11:00:00") };

    expect(String(within(hourly, bounds))).toBe(
      "crontab(0 * * * *) from 1970-01-01T00:00:00.000Z until 2026-01-01T11:00:00.000Z",
    );
    expect(within(hourly, bounds).toJSON()).toEqual({
      type: "within",
      schedule: hourly.toJSON(),
      startAt: 0,
      endAt: at("11:00:00").getTime(),
    });
    expect(within(ownSchedule({ next: () => undefined }), bounds).toJSON()).toBeUndefined();
  });

  it("cannot end before it starts, nor at what is no instant", () => {
    const bounds = { startAt: at("11:00:00"), endAt: at("09:00:00") };
    const backwards = () => within(hourly, bounds);

    expect(backwards).toThrow(ImproperlyConfigured);
    expect(backwards).toThrow("ends at 2026-01-01T09:00:00.000Z, before it starts at 2026-01-01T11:00:00.000Z");
    expect(() => within(hourly, { startAt: new Date("soon") })).toThrow("startAt of a schedule is Invalid Date");
    // No compiler has seen it.
    expect(() => Reflect.apply(within, undefined, [hourly, { startsAt: 5 }])).toThrow('the nearest name is "startAt"');
  });
});
