import { describe, expect, it } from "vitest";
import { createLogger, formatRecord, type LogRecord, workerLogger } from "../src/log.ts";
import type { LogLevel } from "../src/settings.ts";

const time = Date.parse("2026-01-02T03:04:05.678Z");

it("a task's name and id stay on their line", () => {
  const record = { level: "INFO", message: "received", time: 0, taskName: "a\nb", taskId: "\u001b[31m\u2028" } as const;

  expect(formatRecord(record)).toBe("[1970-01-01 00:00:00,000Z: INFO] a\\u000ab[\\u001b[31m\\u2028]: received");
});

describe("a line", () => {
  it.each<{ readonly record: Omit<LogRecord, "time">; readonly line: string }>([
    {
      record: { level: "INFO", message: "received", logger: workerLogger, taskName: "shop.add", taskId: "42" },
      line: "[2026-01-02 03:04:05,678Z: INFO] Task shop.add[42] received",
    },
    {
      record: { level: "WARNING", message: "half full", taskName: "shop.add", taskId: "42" },
      line: "[2026-01-02 03:04:05,678Z: WARNING] shop.add[42]: half full",
    },
    {
      record: { level: "INFO", message: "Discarding revoked task: shop.add[42]", logger: workerLogger },
      line: "[2026-01-02 03:04:05,678Z: INFO] Discarding revoked task: shop.add[42]",
    },
    {
      record: { level: "INFO", message: "Discarding shop.add[42]", taskName: "shop.add", taskId: "42", isNamed: true },
      line: "[2026-01-02 03:04:05,678Z: INFO] Discarding shop.add[42]",
    },
    { record: { level: "ERROR", message: "plain" }, line: "[2026-01-02 03:04:05,678Z: ERROR] plain" },
  ])("is $line", ({ record, line }) => {
    expect(formatRecord({ ...record, time })).toBe(line);
  });
});

describe("a logger", () => {
  const levels: readonly LogLevel[] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

  it.each(levels)("at %s lets through that level and those after it", (level) => {
    const records: LogRecord[] = [];
    const logger = createLogger((record) => records.push(record), {
      level: () => level,
      now: () => time,
      origin: () => ({ logger: "mine" }),
    });

    logger.debug("d");
    logger.info("i");
    logger.warning("w");
    logger.error("e");
    logger.critical("c");

    const expected = levels.slice(levels.indexOf(level)).map((each) => [each, "mine", time]);
    expect(records.map((record) => [record.level, record.logger, record.time])).toEqual(expected);
  });
});
