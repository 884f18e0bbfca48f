import { afterEach, describe, expect, it, vi } from "vitest";
import { inUtc, inZone } from "../src/instant.ts";
import { tableOf } from "../src/table.ts";
import { openTerminal } from "../src/terminal.ts";

afterEach(() => void vi.unstubAllEnvs());

function marked(style: string, text: string): string {
  return `<${style}>${text}</>`;
}

describe("a terminal", () => {
  it.each([
    { where: "on a terminal", isTTY: true, wantsColour: true, noColor: "", painted: "\u001B[31mno\u001B[39m" },
    { where: "in a file", isTTY: false, wantsColour: true, noColor: "", painted: "no" },
    { where: "with --no-color", isTTY: true, wantsColour: false, noColor: "", painted: "no" },
    { where: "with NO_COLOR", isTTY: true, wantsColour: true, noColor: "1", painted: "no" },
  ])("paints $where as it should", ({ isTTY, wantsColour, noColor, painted }) => {
    vi.stubEnv("NO_COLOR", noColor);

    expect(openTerminal({ isTTY, write: () => true }, wantsColour).paint("red", "no")).toBe(painted);
  });
});

describe("a table", () => {
  it("has columns as wide as their longest cells, and colours that take no room", () => {
    expect(
      tableOf(
        ["NAME", "STATE"],
        [
          ["monday", { text: "off", style: "dim" }],
          ["a", "on"],
        ],
        marked,
      ),
    ).toEqual(["<bold>NAME</>    <bold>STATE</>", "monday  <dim>off</>", "a       on"]);
  });
});

describe("an instant", () => {
  it.each([
    ["2026-01-05T07:30:00Z", "Europe/Oslo", "2026-01-05 08:30:00+01:00 Europe/Oslo"],
    ["2026-07-05T22:30:00Z", "Asia/Kathmandu", "2026-07-06 04:15:00+05:45 Asia/Kathmandu"],
    ["2026-07-05T00:00:00Z", "UTC", "2026-07-05 00:00:00+00:00 UTC"],
    ["2026-01-01T03:00:00Z", "America/St_Johns", "2025-12-31 23:30:00-03:30 America/St_Johns"],
  ])("%s is shown by the clocks of %s", (instant, zone, shown) => {
    expect(inZone(new Date(instant), zone)).toBe(shown);
  });

  it("is shown in UTC with a Z", () => {
    expect(inUtc(new Date("2026-01-05T07:30:00.250Z"))).toBe("2026-01-05 07:30:00Z");
  });
});
