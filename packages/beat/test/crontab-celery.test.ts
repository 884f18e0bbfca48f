/** Fields of crontabs, beside what Celery's own parser makes of them. */

import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { readField } from "../src/schedules/crontab-field.ts";
import { type FieldName, fields } from "../src/schedules/crontab-fields.ts";

const python = "/usr/bin/python3";
const hasCelery = spawnSync(python, ["-c", "import celery.schedules"]).status === 0;
if (!hasCelery) {
  const advice = "Python's Celery is missing: apt-get install python3-celery";
  if (process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(advice);
  console.warn(`Skipped tests: ${advice}`);
}

describe.skipIf(!hasCelery)("a field of a crontab, beside Celery", () => {
  it("names what Celery's parser says that it does", () => {
    const samples = fc.sample(anyField, {
      seed: 5,
      numRuns: process.env["UMBEL_TEST_LEVEL"] === "full" ? 20_000 : 2000,
    });

    const celery = numbersOfCelery(samples.map(({ name, text }) => [sizes[name], fields[name].least, text]));

    expect(samples.map(({ name, text }) => [name, text, numbersOf(name, text)])).toEqual(
      samples.map(({ name, text }, index) => [name, text, celery[index]]),
    );
  });
});

const sizes: Readonly<Record<FieldName, number>> = {
  second: 60,
  minute: 60,
  hour: 24,
  dayOfWeek: 7,
  dayOfMonth: 31,
  monthOfYear: 12,
};

/** All that both take: Celery has no 7 for Sunday, and its older versions have no names of months. */
const anyField = fc
  .constantFrom<FieldName>("minute", "hour", "dayOfWeek", "dayOfMonth", "monthOfYear")
  .chain((name) => fc.record({ name: fc.constant(name), text: textFor(name) }));

function textFor(name: FieldName): fc.Arbitrary<string> {
  const { least, most, words } = fields[name];
  const short = words.map((word) => word.slice(0, 3));
  const hasNames = name === "dayOfWeek";
  const named = [...words, ...short, ...short.map((word) => word.toUpperCase())];
  const number = fc.integer({ min: least, max: most }).map(String);
  const one = hasNames ? fc.oneof(number, fc.constantFrom(...named)) : number;
  const step = fc.integer({ min: 1, max: most + 2 }).map((by) => `/${by}`);
  const range = fc.tuple(one, one).map(([from, to]) => `${from}-${to}`);
  const part = fc.oneof(
    one,
    range,
    fc.tuple(fc.oneof(range, fc.constant("*")), step).map((both) => both.join("")),
  );
  return fc.oneof(
    { weight: 9, arbitrary: fc.array(part, { minLength: 1, maxLength: 4 }).map(String) },
    fc.constant("*"),
  );
}

function numbersOf(name: FieldName, text: string): readonly number[] {
  return [...readField(fields[name], text).values].toSorted((one, other) => one - other);
}

const parse = `
import json, sys
from celery.schedules import crontab_parser
print(json.dumps([sorted(crontab_parser(size, least).parse(text)) for size, least, text in json.load(sys.stdin)]))
`;

function numbersOfCelery(given: readonly (readonly [number, number, string])[]): readonly (readonly number[])[] {
  const { stdout, stderr } = spawnSync(python, ["-c", parse], { input: JSON.stringify(given), encoding: "utf8" });
  if (stderr !== "") throw new Error(stderr);
  return z.array(z.array(z.number())).parse(JSON.parse(stdout));
}
