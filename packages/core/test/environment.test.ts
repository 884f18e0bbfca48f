import { describe, expect, it } from "vitest";
import { Umbel } from "@umbel/core";

describe("a variable", () => {
  it("comes from the application's own, then from the request's bindings, then from the process", () => {
    process.env["UMBEL_TEST_VARIABLE"] = "process";
    const plain = new Umbel("plain");
    const bound = new Umbel("bound");
    const own = new Umbel("own", { env: { UMBEL_TEST_VARIABLE: "own" } });

    for (const app of [bound, own]) app.useEnvironment({ UMBEL_TEST_VARIABLE: "bindings" });

    expect([plain, bound, own].map((app) => app.environment("UMBEL_TEST_VARIABLE"))).toEqual([
      "process",
      "bindings",
      "own",
    ]);
    delete process.env["UMBEL_TEST_VARIABLE"];
  });

  it("is text that is not empty; anything else is passed over", () => {
    const app = new Umbel("app", { env: { EMPTY: "", NUMBER: 1, OBJECT: {} } });
    app.useEnvironment({ EMPTY: "bindings", NUMBER: "2" });

    expect(["EMPTY", "NUMBER", "OBJECT", "NOWHERE_AT_ALL"].map((name) => app.environment(name))).toEqual([
      "bindings",
      "2",
      undefined,
      undefined,
    ]);
  });
});
