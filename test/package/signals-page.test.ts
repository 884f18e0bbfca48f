/** docs/signals.md has every signal of Celery's and of ours: what each is here, or why it is not. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { hasPythonCelery, runPython } from "../python-celery.ts";
import { repository } from "../running-program.ts";

const page = readFileSync(join(repository, "docs/signals.md"), "utf8");

/** The rows of the table: Celery's names, ours, and the rest. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(2)
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, celery = "", ours = "", sender = "", about = ""]) => ({
    celery: namesIn(celery),
    ours: namesIn(ours),
    sender,
    about,
  }));

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

describe("the page of signals", () => {
  it("has every signal of an application, and no other", () => {
    const app = new Umbel("shop");
    const own = ["app.onAfterConfigure", "app.onAfterFinalize"];
    const listed = rows.flatMap(({ ours }) => ours);

    expect(listed.toSorted()).toEqual([...Object.keys(app.signals), ...own].toSorted());
    expect([app.onAfterConfigure.name, app.onAfterFinalize.name]).toEqual(["on_after_configure", "on_after_finalize"]);
  });

  it("names Celery's as Celery does", () => {
    const { signals } = new Umbel("shop");
    const pairs = rows.filter(({ celery, ours }) => celery.length > 0 && ours.length > 0 && !ours[0]?.includes("."));

    expect(pairs.map(({ celery }) => celery)).toEqual(
      pairs.map(({ ours: [name = ""] }) =>
        Object.entries(signals).flatMap(([key, each]) => (key === name ? [each.name] : [])),
      ),
    );
  });

  it("has for each a sender and a payload, or a reason why it is not here", () => {
    const poor = rows.filter(({ ours, sender, about }) => about === "" || ours.length > 0 === (sender === ""));

    expect(poor).toEqual([]);
  });

  it.skipIf(!hasPythonCelery)("has every signal that Celery has", async () => {
    const names = await runPython("import celery.signals as s, json; [print(json.dumps(n)) for n in s.__all__]", []);

    expect(names.length).toBeGreaterThan(25);
    expect(rows.flatMap(({ celery }) => celery)).toEqual(expect.arrayContaining([...names]));
  });
});
