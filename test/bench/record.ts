/**
 * The figures as they are kept in the repository: lines of JSON, and the tables that are made of them.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { repository } from "./child.ts";
import type { Conditions } from "./conditions.ts";
import { aboutOf, rowsOf } from "./table.ts";
import type { Line } from "./trial.ts";

/** A run of the bench. */
export interface Report {
  readonly conditions: Conditions;
  readonly lines: readonly Line[];
}

/** What README.md shows; docs/figures.md has all. */
const shown: readonly string[] = [
  "tasks",
  "enqueue",
  "batches",
  "p50",
  "p99",
  "chain",
  "chord1000",
  "chord10000",
  "chord10000-memory",
  "commands",
  "commands-all",
];

const kept = join(repository, "docs/figures.jsonl");

const Conditions: z.ZodMiniType<Conditions> = z.object({
  date: z.string(),
  cores: z.number(),
  processor: z.string(),
  memory: z.number(),
  load: z.number(),
  runs: z.number(),
  umbel: z.string(),
  celery: z.string(),
  bullmq: z.string(),
  redis: z.string(),
});

const values = z.partialRecord(z.enum(["embedded", "redis", "celery", "bullmq"]), z.number());

const Line: z.ZodMiniType<Line> = z.object({
  figure: z.string(),
  title: z.string(),
  unit: z.string(),
  better: z.enum(["more", "less"]),
  values,
  runs: z.partialRecord(z.enum(["embedded", "redis", "celery", "bullmq"]), z.array(z.number())),
});

/** Keeps a run, and writes the tables of README.md and docs/figures.md anew. */
export function record({ conditions, lines }: Report): void {
  writeFileSync(kept, `${[conditions, ...lines].map((each) => JSON.stringify(each)).join("\n")}\n`);
  writeTables({ conditions, lines });
}

/** Writes the tables of the run that is kept. */
export function rewrite(): void {
  const [first, ...rest] = readFileSync(kept, "utf8").trim().split("\n");
  writeTables({
    conditions: Conditions.parse(JSON.parse(first ?? "")),
    lines: rest.map((line) => Line.parse(JSON.parse(line))),
  });
}

function writeTables({ conditions, lines }: Report): void {
  const own = shown.flatMap((figure) => lines.filter((line) => line.figure === figure));
  replaceIn("README.md", [...markdown(own), "", `Measured ${aboutOf(conditions)[0] ?? ""}`]);
  replaceIn("docs/figures.md", [...markdown(lines), "", ...aboutOf(conditions).map((line) => `- ${line}`)]);
  // Tables are aligned as everywhere else.
  spawnSync(join(repository, "node_modules/.bin/oxfmt"), ["README.md", "docs/figures.md"], { cwd: repository });
}

function markdown(lines: readonly Line[]): readonly string[] {
  const [header = [], ...rows] = rowsOf(lines);
  const rule = header.map((_, at) => (at < 2 ? "---" : "---:"));
  return [header, rule, ...rows].map((row) => `| ${row.join(" | ")} |`);
}

/** Replaces what stands between the marks. */
function replaceIn(file: string, lines: readonly string[]): void {
  const path = join(repository, file);
  const text = readFileSync(path, "utf8");
  const between = /(<!-- figures: npm run bench -- --readme -->\n)[\s\S]*?(<!-- \/figures -->)/;
  if (!between.test(text)) throw new Error(`${file} has no place for the figures`);
  writeFileSync(
    path,
    text.replace(between, (_, begin: string, end: string) => `${begin}\n${lines.join("\n")}\n\n${end}`),
  );
}
