import { describe, expect, it } from "vitest";
import { openScreen } from "../src/screen.ts";

const id = "01a1fd8e-d31d-754e-a23e-b8399f8c92cf";
const line = `[2026-11-21 10:02:38,331Z: INFO] Task demo.visit[${id}] received`;

/** A stream that keeps what is written, and a clock that a test moves. */
function output(more: { readonly isTTY?: boolean; readonly columns?: number } = {}) {
  const written: string[] = [];
  const clock = { now: 0 };
  const stream = { ...more, write: (text: string) => written.push(text) > 0 };
  return { clock, written, screen: openScreen(stream, { colour: false, now: () => clock.now }) };
}

describe("a terminal", () => {
  it("has each line under its part's name, without date and with short ids", () => {
    const { screen, written } = output({ isTTY: true, columns: 80 });

    screen.log("web", line);

    expect(written).toEqual(["web     | Task demo.visit[01a1fd8e] received\n"]);
  });

  it("keeps the level of what is more than information", () => {
    const { screen, written } = output({ isTTY: true, columns: 80 });

    screen.log("worker", line.replace("INFO", "ERROR"));

    expect(written.join("")).toContain("[ERROR] Task");
  });

  it("cuts lines to its width", () => {
    const { screen, written } = output({ isTTY: true, columns: 30 });

    screen.log("worker", "x".repeat(100));

    expect(written.join("")).toBe(`worker  | ${"x".repeat(18)}…\n`);
  });

  it("takes itself for as wide as most when it says that it has no width", () => {
    const { screen, written } = output({ isTTY: true, columns: 0 });

    screen.log("worker", "x".repeat(100));

    expect(written.join("")).toBe(`worker  | ${"x".repeat(68)}…\n`);
  });

  it("draws a table in the place of the one before, and lines above it", () => {
    const { screen, written } = output({ isTTY: true, columns: 80 });

    screen.show({ lines: ["one", "two"], short: "" });
    screen.log("web", "line");
    screen.show({ lines: ["three"], short: "" });

    expect(written).toEqual(["one\ntwo\n", "\u001B[2A\u001B[Jweb     | line\none\ntwo\n", "\u001B[2A\u001B[Jthree\n"]);
  });

  it("leaves a settled table where it is", () => {
    const { screen, written } = output({ isTTY: true, columns: 80 });

    screen.show({ lines: ["one"], short: "" });
    screen.settle();
    screen.say("done");

    expect(written).toEqual(["one\n", "done\n"]);
  });

  it("colours names where colours are wanted", () => {
    const written: string[] = [];
    const stream = { isTTY: true, columns: 80, write: (text: string) => written.push(text) > 0 };

    openScreen(stream, { colour: true }).log("web", "line");

    expect(written).toEqual(["\u001B[36mweb    \u001B[39m | line\n"]);
  });
});

describe("a file", () => {
  it("has lines in full", () => {
    const { screen, written } = output();

    screen.log("web", line);

    expect(written).toEqual([`web     | ${line}\n`]);
  });

  it("has a table as a line, when it has changed and not more often than every two seconds", () => {
    const { screen, written, clock } = output();

    screen.show({ lines: [], short: "1 of 3" });
    clock.now = 1999;
    screen.show({ lines: [], short: "2 of 3" });
    clock.now = 2000;
    screen.show({ lines: [], short: "1 of 3" });
    screen.show({ lines: [], short: "3 of 3" });

    expect(written).toEqual(["demo    | 1 of 3\n", "demo    | 3 of 3\n"]);
  });
});
