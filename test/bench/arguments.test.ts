import { describe, expect, it } from "vitest";
import { readArguments } from "./arguments.ts";

const names = { trials: ["tasks", "chord100", "chord1000"], contenders: ["embedded", "celery"] };

describe("the bench's command line", () => {
  it("takes trials by how they begin, and the median of five by default", () => {
    expect(readArguments(["--only", "chord", "--against", "celery"], names)).toMatchObject({
      only: ["chord"],
      against: ["celery"],
      runs: 5,
      runtime: "bun",
    });
    expect(readArguments(["--quick"], names).runs).toBe(1);
  });

  it.each([
    [["--only", "nope"], /--only nope: .*known are tasks, chord100, chord1000/],
    [["--against", "celer"], /--against celer: .*known are embedded, celery/],
    [["--runtime", "deno"], /--runtime deno: .*known are bun, node/],
    [["--runs", "0"], /--runs 0: a number from 1/],
    [["--frob"], /--frob/],
    [["--readme", "--only", "tasks"], /--readme keeps a whole run/],
    [["--readme", "--quick"], /--readme keeps a whole run/],
    [["--readme", "--runs", "4"], /--readme keeps a whole run/],
  ])("refuses %j by name", (args, complaint) => {
    expect(() => readArguments(args, names)).toThrow(complaint);
  });
});
