import { describe, expect, it } from "vitest";
import { entryTable, type ShownEntry } from "../src/commands/entry-table.ts";

const plain = (_style: string, text: string): string => text;

function entry(name: string, timezone: string): ShownEntry {
  return {
    name,
    kind: "code",
    schedule: "crontab(30 7 * * 1)",
    timezone,
    enabled: true,
    paused: false,
    dropped: false,
    ended: false,
    count: 3,
    nextRun: new Date("2026-11-23T07:30:00Z"),
    lastRun: new Date("2026-11-16T07:30:00Z"),
  };
}

function shown(width: number, ...entries: readonly ShownEntry[]): readonly string[] {
  return entryTable(entries, { paint: plain, width });
}

describe("the table of entries", () => {
  it("has all columns where there is room", () => {
    expect(shown(Infinity, entry("monday", "UTC"))).toEqual([
      "NAME    KIND  SCHEDULE             NEXT (UTC)            NEXT (ITS ZONE)                LAST SENT (UTC)       SENT  STATE",
      "monday  code  crontab(30 7 * * 1)  2026-11-23 07:30:00Z  2026-11-23 07:30:00+00:00 UTC  2026-11-16 07:30:00Z  3     active",
    ]);
  });

  it("leaves the zone's out on a narrow terminal where all is in UTC", () => {
    expect(shown(100, entry("monday", "UTC"))).toEqual([
      "NAME    KIND  SCHEDULE             NEXT (UTC)            LAST SENT (UTC)       SENT  STATE",
      "monday  code  crontab(30 7 * * 1)  2026-11-23 07:30:00Z  2026-11-16 07:30:00Z  3     active",
    ]);
  });

  it("is a block of lines for each entry where the terminal is narrower still, or a zone is to be told", () => {
    expect(shown(100, entry("monday", "Europe/Oslo"), entry("noon", "UTC"))).toEqual([
      "NAME: monday",
      "KIND: code",
      "SCHEDULE: crontab(30 7 * * 1)",
      "NEXT (UTC): 2026-11-23 07:30:00Z",
      "NEXT (ITS ZONE): 2026-11-23 08:30:00+01:00 Europe/Oslo",
      "LAST SENT (UTC): 2026-11-16 07:30:00Z",
      "SENT: 3",
      "STATE: active",
      "",
      "NAME: noon",
      ...shown(100, entry("noon", "Europe/Oslo")).slice(1, 4),
      "NEXT (ITS ZONE): 2026-11-23 07:30:00+00:00 UTC",
      ...shown(100, entry("noon", "Europe/Oslo")).slice(5),
    ]);
    expect(shown(80, entry("monday", "UTC"))).toHaveLength(7);
  });

  it("tells which one has no run any more, paused or not", () => {
    const { nextRun: _, ...over } = { ...entry("sale", "UTC"), ended: true };

    const [, active, paused] = shown(Infinity, over, { ...over, paused: true });

    expect([active, paused]).toEqual([expect.stringMatching(/ended$/), expect.stringMatching(/ended$/)]);
  });
});
