/** Log lines as JSON, and what none of them says. */

import { describe, expect, it, vi } from "vitest";
import { jsonLog, type LogRecord, Umbel } from "../src/index.ts";

const record: LogRecord = {
  level: "INFO",
  message: "received",
  time: Date.UTC(2026, 0, 2),
  logger: "umbel.worker",
  taskName: "shop.add",
  taskId: "42",
  worker: "worker@shop",
};

/** The lines that a sink has written. */
function written(also?: () => Readonly<Record<string, unknown>>) {
  const lines: string[] = [];
  const log = jsonLog({ write: (line) => lines.push(line), ...(also === undefined ? {} : { also }) });
  return { log, lines };
}

describe("a line", () => {
  it("is one object with all that the record says", () => {
    const { log, lines } = written();

    log(record);

    expect(lines).toEqual([
      '{"time":"2026-01-02T00:00:00.000Z","level":"INFO","logger":"umbel.worker","message":"received",' +
        '"taskName":"shop.add","taskId":"42","worker":"worker@shop"}',
    ]);
  });

  it("stays one, whatever is in it, and says nothing of what the record has not", () => {
    const { log, lines } = written();

    log({ level: "ERROR", message: 'a\nb "c"\u2028', time: 0 });

    expect(lines).toEqual(['{"time":"1970-01-01T00:00:00.000Z","level":"ERROR","message":"a\\nb \\"c\\"\u2028"}']);
  });

  it("has what is added to it last, and that hides nothing of the record", () => {
    const { log, lines } = written(() => ({ traceId: "abc", taskId: "forged", level: "DEBUG" }));

    log(record);

    expect(JSON.parse(lines[0] ?? "")).toEqual({ ...record, time: "2026-01-02T00:00:00.000Z", traceId: "abc" });
    expect(lines[0]).toMatch(/"traceId":"abc"\}$/u);
  });

  it("goes to the console, an error to its error stream", () => {
    const [out, err] = (["log", "error"] as const).map((each) => vi.spyOn(console, each).mockReturnValue(undefined));

    jsonLog()(record);
    jsonLog()({ ...record, level: "CRITICAL" });

    expect(out?.mock.calls).toEqual([[expect.stringContaining('"INFO"')]]);
    expect(err?.mock.calls).toEqual([[expect.stringContaining('"CRITICAL"')]]);
    vi.restoreAllMocks();
  });

  it("that cannot be made is a plain one on the console, and ends nothing", () => {
    const err = vi.spyOn(console, "error").mockReturnValue(undefined);
    const app = new Umbel("shop", { log: jsonLog({ also: () => ({ large: 1n }) }) });

    app.getTaskLogger("shop").error("sold out");

    expect(err.mock.calls).toEqual([[expect.stringMatching(/ERROR\] sold out \(the log could not take this line: /u)]]);
    vi.restoreAllMocks();
  });
});

describe("a secret", () => {
  it.each([
    ["connect to redis://me:hunter2@store:6379 failed", "connect to redis://me:********@store:6379 failed"],
    ["https://:hunter2@host/a and redis://u:b@c", "https://:********@host/a and redis://u:********@c"],
    ["Authorization: Bearer eyJhbGciOi.J9-_x/+==", "Authorization: Bearer ********"],
    ["Basic aHVudGVyMjpodW50ZXIy,", "Basic ********,"],
  ])("is hidden in %j", (said, shown) => {
    const { log, lines } = written();
    const app = new Umbel("shop", { log });

    app.getTaskLogger("shop").warning(said);

    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ message: shown });
  });

  it.each(["see https://host:8080/a@b", "Basic needs are met", "12:30 at me@host", "a://b/c:d@e"])(
    "is not seen in %j",
    (said) => {
      const { log, lines } = written();
      const app = new Umbel("shop", { log });

      app.getTaskLogger("shop").warning(said);

      expect(JSON.parse(lines[0] ?? "")).toMatchObject({ message: said });
    },
  );

  it("is looked for in no time, in a line that is long", () => {
    const { log, lines } = written();
    const app = new Umbel("shop", { log });
    const before = performance.now();

    app.getTaskLogger("shop").warning(`${"a://:".repeat(100_000)} Bearer ${"x".repeat(100_000)}`);

    expect(lines).toHaveLength(1);
    expect(performance.now() - before).toBeLessThan(20_000); // Minutes, if it were tried from each place anew.
  });
});
