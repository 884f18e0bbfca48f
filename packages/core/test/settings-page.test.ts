/** docs/settings.md, the list of what sets nothing, the settings, and Celery's own list agree with each other. */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { celerySettings } from "../src/celery-settings.ts";
import { camel } from "../src/celery-name.ts";
import { isSetting } from "../src/setting-kinds.ts";
import { defaultSettings } from "../src/settings.ts";

const page = readFileSync(new URL("../../../docs/settings.md", import.meta.url), "utf8");

/** Celery's settings as the census has them; it lies beside this checkout where it was written. */
const census = new URL("../../../../shared/reference/celery-semantics.md", import.meta.url);
if (!existsSync(census)) console.warn("Skipped: Celery's own list of settings is not beside this checkout");

const headings = new Set(["setting", "in Celery"]);

/** The rows of all tables, a text for each cell, without the headings. */
function rowsIn(text: string): readonly (readonly string[])[] {
  const lines = text.match(/^\| `?[a-z]\w+`? .*\|$/gm) ?? [];
  const cells = lines.map((line) => line.split("|").slice(1, -1));
  return cells
    .map((row) => row.map((cell) => cell.trim().replaceAll("`", "")))
    .filter(([name = ""]) => !headings.has(name));
}

const rows = rowsIn(page);

/** What the code makes of a setting of Celery's, as the page says it. */
function verdictOf(name: string): string {
  const known = celerySettings.get(name);
  if (known !== undefined) return { elsewhere: "elsewhere", always: "always", none: "no meaning" }[known.verdict];
  const ours = camel(name);
  return isSetting(ours) ? `${ours}, ${JSON.stringify(defaultSettings[ours])}` : "unknown";
}

describe("the page of settings", () => {
  it.skipIf(!existsSync(census))("has each setting of Celery's guide, with the default that it has there", () => {
    const text = readFileSync(census, "utf8");
    const theirs = rowsIn(text.slice(text.indexOf("## 9. Configuration"), text.indexOf("## 10. Command line")));
    const byName = new Map(rows.map(([name, initial]) => [name, initial]));

    expect(theirs.length).toBe(203);
    expect(theirs.map(([name, initial]) => [name, initial])).toEqual(theirs.map(([name]) => [name, byName.get(name)]));
  });

  it("says of each setting what the code makes of it, with the default that holds", () => {
    const four = rows.filter((row) => row.length === 4);

    expect(four.length).toBe(203);
    expect(four.map(([name = "", , here]) => `${name}: ${here}`)).toEqual(
      four.map(([name = ""]) => `${name}: ${verdictOf(name)}`),
    );
  });

  it("says why a setting sets nothing, in the words that its user is told", () => {
    const reasons = new Map(rows.map((row) => [row[0], row.at(-1)]));

    for (const [name, { why }] of celerySettings) expect([name, reasons.get(name)]).toEqual([name, why]);
  });

  it("knows no setting both as ours and as one that sets nothing", () => {
    expect([...celerySettings.keys()].filter((name) => isSetting(camel(name)))).toEqual([]);
  });
});
