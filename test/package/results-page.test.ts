/** docs/results.md names what there is, and its program runs. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as umbel from "umbel";
import { collect, group, restoreGroup, stamp } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "../flow/world.ts";

const page = await readFile(fileURLToPath(new URL("../../docs/results.md", import.meta.url)), "utf8");

/** The names in the second column of the table under a class's name. */
function namesBeside(heading: string): readonly string[] {
  const [, rest = ""] = page.split(`| ${heading} `);
  const [table = ""] = /^[^\n]*\n(?:\|.*\n)+/.exec(rest) ?? [];
  const cells = table.split("\n").flatMap((line) => line.split("|").slice(2, 3));
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)(?:\(|`)/g)].map(([, name = ""]) => name));
}

/** Words in code that are no members: options, types, an error. */
const others = new Set(["resultExtended", "resultTimeout", "then", "canvas", "ImproperlyConfigured"]);

describe("the page of results", () => {
  it.each(["`AsyncResult`", "`ResultSet`, `GroupResult`"])("names what %s has, or umbel exports", async (heading) => {
    const { app } = world();
    const handles = [app.result("id"), new umbel.GroupResult(app, "id", { results: [] })];
    const names = namesBeside(heading).filter((name) => !others.has(name));

    const missing = names.filter((name) => !(name in umbel) && !handles.some((handle) => name in handle));

    expect(names.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  it("has the program of this test, which runs", async () => {
    const { app, finish } = world();
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    const count = app.task({ name: "tasks.count", bind: true }, async (task, to: number) => {
      await task.updateState({ state: "PROGRESS", meta: { at: 1 } });
      return to;
    });
    const parent = app.task({ name: "tasks.parent", bind: true }, async (task) => (await task.delay(add.s(1, 1))).id);
    const printed: unknown[][] = [];
    const console = { log: (...line: unknown[]) => void printed.push(line) };
    const working = new AbortController();

    const worker = (async () => {
      while (!working.signal.aborted) {
        await finish();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    await program();
    working.abort();
    await worker;

    const source = await readFile(fileURLToPath(import.meta.url), "utf8");
    expect(linesBetween(source, "program(): Promise<void> {\n", "\n    }\n")).toEqual(
      linesBetween(page, 'stamp } from "umbel";\n', "```"),
    );
    expect(printed).toContainEqual([[2, 4, 6]]);
    expect(printed).toContainEqual(["PROGRESS", { at: 1 }]);
    expect(printed.at(-1)).toEqual([expect.stringContaining("<AsyncResult: "), 2]);

    async function program(): Promise<void> {
      const result = await group([add.s(1, 1), add.s(2, 2), add.s(3, 3)]).delay();
      await result.save();

      for await (const [index, value] of result.iterate()) console.log(index, value); // as they end
      console.log(await result.get()); // [2, 4, 6]

      const sameElsewhere = await restoreGroup(app, result.id);
      console.log(await sameElsewhere?.completedCount()); // 3

      const long = await count.delay(3);
      for await (const { state, info } of long) console.log(state, info); // PROGRESS { at: 1 } ...
      console.log(await long.maybeThrow()); // 3

      const tree = await parent.delay();
      for await (const [call, value] of collect(tree)) console.log(String(call), value);

      await stamp(add.s(2, 2), { tenant: "acme" }).delay(); // task.request.stamps is { tenant: "acme" }
    }
  });
});

/** What stands between two texts, without indentation and empty lines. */
function linesBetween(text: string, before: string, after: string): readonly string[] {
  const [, rest = ""] = text.split(before);
  const [between = ""] = rest.split(after);
  return between
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
