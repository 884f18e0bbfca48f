import { describe, expect, it } from "vitest";
import { baseUrl, ImproperlyConfigured, isLoopback, isLoopbackHost, isProduction, variable } from "../src/index.ts";

describe("baseUrl", () => {
  it.each([
    ["https://a.test", "https://a.test"],
    ["https://a.test/", "https://a.test"],
    ["http://a.test:8080/tasks/", "http://a.test:8080/tasks"],
  ])("takes %s", (text, base) => {
    expect(baseUrl("WORKER", text)).toBe(base);
  });

  it.each(["", "a.test", "redis://a.test"])("refuses %j, and names the setting", (text) => {
    expect(() => baseUrl("WORKER", text)).toThrow(new ImproperlyConfigured("WORKER is no http or https URL"));
  });

  it.each([
    "https://me@a.test",
    "https://me:hunter2@a.test/x",
    "https://:hunter2@a.test",
    "https://a.test/?token=hunter2",
    "https://a.test/?",
    "https://a.test/#hunter2",
  ])("refuses %j, which is more than an address, and does not repeat it", (text) => {
    expect(() => baseUrl("WORKER", text)).toThrow(/^WORKER is more than an address/);
    expect(() => baseUrl("WORKER", text)).not.toThrow(/hunter2/);
  });
});

describe("isLoopback", () => {
  it.each(["http://localhost:8080", "http://127.0.0.1", "http://127.1.2.3:1/x", "http://127.1", "http://[::1]:8080"])(
    "knows %s",
    (url) => {
      expect(isLoopback(url)).toBe(true);
    },
  );

  it.each(["http://127.example.com", "http://127.0.0.1.example.com", "http://localhost.example.com", "http://[::2]"])(
    "is not taken in by %s",
    (url) => {
      expect(isLoopback(url)).toBe(false);
    },
  );
});

describe("isLoopbackHost", () => {
  it.each(["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "[::1]"])("knows %s", (hostname) => {
    expect(isLoopbackHost(hostname)).toBe(true);
  });

  it.each(["0.0.0.0", "::", "[::1", "localhost:80", "127.0.0.1.example", ""])("is not taken in by %j", (hostname) => {
    expect(isLoopbackHost(hostname)).toBe(false);
  });
});

describe("a variable", () => {
  it("that is empty is not set", () => {
    expect([variable(environment, "EMPTY"), variable(environment, "OTHER")]).toEqual([undefined, undefined]);
    expect(variable(environment, "NODE_ENV")).toBe("production");
  });

  it("says whether this is production", () => {
    expect(isProduction(environment)).toBe(true);
    expect(isProduction(() => undefined)).toBe(false);
  });
});

function environment(name: string): string | undefined {
  return { EMPTY: "", NODE_ENV: "production" }[name];
}
