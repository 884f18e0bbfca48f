import { describe, expect, it } from "vitest";
import { readArguments, UsageError } from "../src/arguments.ts";

describe("the starter's command line", () => {
  it("needs nothing", () => {
    expect(readArguments([])).toEqual({ once: false, help: false });
  });

  it("takes a site and folders", () => {
    const args = ["--once", "--url", "https://example.com/", "--out", "here", "--data=there"];

    expect(readArguments(args)).toMatchObject({ once: true, url: "https://example.com/", out: "here", data: "there" });
  });

  it.each([
    [["--one"], /--one/],
    [["--url", "example"], /--url takes an address.*"example"/],
    [["--url", "ftp://example.com/"], /--url/],
    [["crawl"], /"crawl"/],
  ])("refuses %j in one line that says how it is written", (args, problem) => {
    const read = () => readArguments(args);

    expect(read).toThrow(UsageError);
    expect(read).toThrow(problem);
    expect(read).toThrow(/^[^\n]*Usage: npm start -- [^\n]*$/);
  });
});
