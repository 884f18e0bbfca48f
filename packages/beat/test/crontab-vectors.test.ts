import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { crontab } from "../src/schedules/crontab.ts";

/** 600 cases that a real Celery answered, all in UTC. */
const file = new URL("../../../../shared/fixtures/crontab/vectors.json", import.meta.url);

const Vectors = z.array(
  z.object({
    spec: z.object({
      minute: z.string(),
      hour: z.string(),
      day_of_week: z.string(),
      day_of_month: z.string(),
      month_of_year: z.string(),
    }),
    last_run: z.string(),
    next_due: z.string(),
  }),
);

const isThere = existsSync(file);
if (!isThere)
  console.warn("Skipped: crontabs against Celery's, for shared/fixtures/crontab is not beside this checkout");
if (!isThere && process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(`There is no ${file.pathname}`);

describe.skipIf(!isThere)("crontab, beside Celery's", () => {
  it("gives the same next run in each case", () => {
    const vectors = Vectors.parse(JSON.parse(readFileSync(file, "utf8")));

    const answers = vectors.map(({ spec, last_run: last }) => {
      const { minute, hour, day_of_week: dayOfWeek, day_of_month: dayOfMonth, month_of_year: monthOfYear } = spec;
      const schedule = crontab({ minute, hour, dayOfWeek, dayOfMonth, monthOfYear });
      return { spec, last, next: schedule.next(new Date(last))?.getTime() };
    });

    expect(vectors.length).toBeGreaterThan(500);
    expect(answers).toEqual(
      vectors.map(({ spec, last_run: last, next_due: next }) => ({ spec, last, next: Date.parse(next) })),
    );
  });
});
