/** Options that are checked by a table of what each takes. */

import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import * as kinds from "../src/kinds.ts";
import { checkOptions, orNull } from "../src/kinds.ts";

const table = { pause: kinds.duration, again: kinds.times, rest: orNull(kinds.count, "null for all"), other: null };

function check(given: object): () => void {
  return () => checkOptions(given, table, { one: "option of the shop", of: " of the shop" });
}

describe("options", () => {
  it("are taken as their table says, or left out", () => {
    const given = { pause: "1h30m", again: null, rest: null, other: Symbol("looked at elsewhere") };

    expect(check(given)).not.toThrow();
    expect(check({ pause: undefined })).not.toThrow();
  });

  it.each([
    [{ pause: null }, 'pause of the shop is null: give seconds from 0 on, or a text such as "1h30m"'],
    [{ pause: "soon" }, 'pause of the shop is "soon": give seconds'],
    [{ pause: "5 sek" }, 'such as "1h30m"; there is no unit "sek", the nearest is "seconds"; there are weeks'],
    [{ again: -1 }, "again of the shop is -1: give a whole number, or null for no end"],
    [{ rest: 0 }, "rest of the shop is 0: give a whole number above 0, or null for all"],
    [{ rest: 10n }, "rest of the shop is 10: give"],
    [{ rest: () => 1 }, "rest of the shop is a function: give"],
    [{ paus: 1 }, 'the nearest name is "pause"'],
  ])("are refused with their name, their value and what is taken: %#", (given, says) => {
    expect(check(given)).toThrow(ImproperlyConfigured);
    expect(check(given)).toThrow(says);
  });
});
