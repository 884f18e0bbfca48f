/** Connections that an application is lent for a time, as a test kit lends them. */

import { lendConnections, type LogRecord, Umbel } from "@umbel/core";
import { describe, expect, it } from "vitest";

describe("an application that was lent connections", () => {
  it("has its own again when they are given back", () => {
    const app = new Umbel("shop");
    const own = app.platform;

    const loan = lendConnections(app, { platform: { now: () => 1 } });
    const during = app.platform.now();
    loan[Symbol.dispose]();

    expect(during).toBe(1);
    expect(app.platform).toBe(own);
  });

  it("keeps them for what was begun with them, though they are given back, and lent anew, meanwhile", async () => {
    const lines: Record<"own" | "first" | "second", LogRecord[]> = { own: [], first: [], second: [] };
    const app = new Umbel("shop", { log: (line) => lines.own.push(line) });
    const logger = app.getTaskLogger("shop");
    const gate = Promise.withResolvers<void>();
    const first = lendConnections(app, { log: (line) => lines.first.push(line) });
    const running = first.run(async () => {
      await gate.promise;
      logger.warning("late");
    });
    first[Symbol.dispose]();
    logger.warning("own");
    const second = lendConnections(app, { log: (line) => lines.second.push(line) });
    gate.resolve();
    await running;

    second[Symbol.dispose]();

    const messages = Object.entries(lines).map(([whose, each]) => [whose, each.map(({ message }) => message)]);
    expect(Object.fromEntries(messages)).toEqual({ own: ["own"], first: ["late"], second: [] });
  });
});
