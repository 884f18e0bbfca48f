import { describe, expect, it } from "vitest";
import { isUnknownHost } from "../src/unknown-host.ts";

const page = "http://somewhere.test/";

describe("isUnknownHost", () => {
  it.each([
    ["Node's", new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ENOTFOUND" }) })],
    ["Bun's", Object.assign(new TypeError("getaddrinfo ENOTFOUND somewhere.test"), { code: "ENOTFOUND" })],
    [
      "Deno's",
      new TypeError("fetch failed", {
        cause: new Error("client error (Connect): dns error: failed to lookup address information"),
      }),
    ],
  ])("knows %s error for a name that nobody knows", (_, error) => {
    expect(isUnknownHost(error, page)).toBe(true);
  });

  it.each([
    ["a refused connection", Object.assign(new TypeError("fetch failed"), { code: "ECONNREFUSED" })],
    ["a name server that does not answer", Object.assign(new TypeError("fetch failed"), { code: "EAI_AGAIN" })],
  ])("does not take %s for it", (_, error) => {
    expect(isUnknownHost(error, page)).toBe(false);
  });

  it("knows that nothing is under .invalid, even if no name server can be asked", () => {
    expect(isUnknownHost(new TypeError("fetch failed"), "http://no-such-host.invalid/")).toBe(true);
  });
});
