/** docs/telemetry.md has every number and every attribute that there is, and no other; the page is found. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "prom-client";
import { Umbel } from "umbel";
import { State } from "umbel/events";
import { eventMetrics, metrics } from "umbel/prometheus";
import { expect, it } from "vitest";
import { repository } from "../running-program.ts";

const text = (path: string) => readFileSync(join(repository, path), "utf8");
const page = text("docs/telemetry.md");

/** What stands in backquotes in the first cells of the table with this head. */
function namesUnder(head: string): readonly string[] {
  const [, table = ""] = page.split(new RegExp(`^\\| ${head} .*\\n\\|[-| ]+\\n`, "m"));
  const rows = table.split("\n\n")[0]?.split("\n") ?? [];
  return rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
}

function namesIn(register: Registry): readonly string[] {
  return register.getMetricsAsArray().map(({ name }) => name);
}

it("the page has all numbers, which are the same for a worker and for a monitor", () => {
  const worker = metrics(new Umbel("shop"), { register: new Registry() });
  const monitor = eventMetrics(new State(), { register: new Registry() });

  expect(namesUnder("name").toSorted()).toEqual(namesIn(worker.register).toSorted());
  expect(namesIn(monitor.register).toSorted()).toEqual(namesIn(worker.register).toSorted());
});

it("the page has all attributes of spans", () => {
  const sources = ["attributes", "outcome", "process"].map((name) => text(`packages/otel/src/${name}.ts`)).join("\n");
  const attributes = [...sources.matchAll(/"((?:messaging|celery|error)\.[\w.]+)"/g)].map(([, name = ""]) => name);

  expect(namesUnder("attribute").toSorted()).toEqual([...new Set(attributes)].toSorted());
});

it("the page has all steps that something can be put around", () => {
  const [, steps = ""] = text("packages/core/src/around.ts").split("export interface Steps {");
  const names = [...(steps.split("\n}")[0] ?? "").matchAll(/^ {2}readonly (\w+):/gm)].map(([, name = ""]) => name);

  expect(namesUnder("step").toSorted()).toEqual(names.toSorted());
});

it.each(["README.md", "docs/tasks.md", "docs/signals.md"])("the page is linked from %s", (from) => {
  expect(text(from)).toContain("telemetry.md");
});
