import { expect, it } from "vitest";
import { scheduleSpeeds } from "./schedules.ts";

/** The others take seconds for leap days. */
const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";

it.skipIf(!isFull)("measures crontabs beside croner and cron-parser, which say the same", () => {
  const lines = [...scheduleSpeeds({ runs: 1, isQuick: true })];

  const cases = ["simple", "typical", "typical-zone", "leap-monday", "leap-monday-zone"];
  expect(lines.map(({ figure }) => figure)).toEqual(
    cases.flatMap((each) => ["", "-croner", "-cron-parser"].map((peer) => `schedules-${each}${peer}`)),
  );
  expect(lines.every(({ values }) => (values.embedded ?? 0) > 0)).toBe(true);
});
