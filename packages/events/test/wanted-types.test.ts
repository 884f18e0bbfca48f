import { describe, expect, it } from "vitest";
import { wantedTypes } from "../src/wanted-types.ts";

describe("types of events that are asked for", () => {
  it("are those that are named, with commas between or each for itself, and a program's own", () => {
    expect(wantedTypes({ type: ["task-failed,worker-online", "order-paid"], own: ["task-mailed"] })).toEqual(
      new Set(["task-failed", "worker-online", "order-paid", "task-mailed"]),
    );
    expect(wantedTypes({ since: ["10m"] })).toEqual(new Set());
  });

  it.each([
    ["task-faild", "task-failed"],
    ["task_failed", "task-failed"],
    ["worker-onlin", "worker-online"],
    ["failed", "task-failed"],
  ])("are refused where they are a slip, most likely: %s", (slip, nearest) => {
    expect(() => wantedTypes({ type: ["task-sent", slip] })).toThrow(
      `There is no event "${slip}"; the nearest name is "${nearest}"; own=${slip} asks for events of your own`,
    );
  });
});
