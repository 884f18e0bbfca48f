import { MissingSettingError } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { apiToken, isPublicToken } from "../src/api-token.ts";

const source = { given: undefined, setting: "UMBEL_RESULTS_TOKEN", purpose: "the results API", isLocal: false };

function variables(values: Readonly<Record<string, string>>) {
  return (name: string): string | undefined => values[name];
}

describe("a token", () => {
  it("is the program's, else the variable's", () => {
    const environment = variables({ UMBEL_RESULTS_TOKEN: "set" });

    expect(apiToken(environment, { ...source, given: "given" })).toBe("given");
    expect(apiToken(environment, { ...source, given: "" })).toBe("set");
    expect(apiToken(environment, source)).toBe("set");
  });

  it("is one that everybody knows on this machine only, also when it is set to that", () => {
    for (const values of [{}, { UMBEL_RESULTS_TOKEN: "umbel-dev" }]) {
      const environment = variables(values);

      expect(isPublicToken(apiToken(environment, { ...source, isLocal: true }))).toBe(true);
      expect(() => apiToken(environment, source)).toThrow(MissingSettingError);
      expect(() => apiToken(variables({ ...values, NODE_ENV: "production" }), { ...source, isLocal: true })).toThrow(
        MissingSettingError,
      );
    }
  });
});
