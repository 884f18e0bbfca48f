/** No text from outside makes a regexp go back and forth: by the structure of each, since a clock proves little. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { flawsOf, regexpsIn } from "./regexps.ts";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** What reads texts from outside: pushes, HTTP requests, what a store or a broker answers. */
const readers = ["protocol", "core", "canvas", "worker", "beat", "gateway", "memory", "qstash", "upstash-redis"];

const sources = readers.flatMap((reader) =>
  readdirSync(`${packages}${reader}/src`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `${reader}/src/${path}`),
);

/** The sources with a regexp in them, or one that is made while the program runs. */
const reading = sources.map((path) => ({ path, text: readFileSync(`${packages}${path}`, "utf8") }));

/** What outsiders cannot feed: each reads what the operator or the application's own code has written. */
const ownTexts = new Set([
  "gateway/src/destination-rule.ts",
  "core/src/glob.ts",
  "core/src/route.ts",
  "core/src/parameters.ts",
]);

/** Regexps that are put together: of constants (a duration), of an operator's patterns, of the application's own routes. */
const composed: readonly string[] = ["protocol/src/duration.ts", "core/src/name-pattern.ts", "core/src/route.ts"];

describe("a regexp that reads texts from outside", () => {
  it.each(reading.filter(({ path, text }) => !ownTexts.has(path) && regexpsIn(text).length > 0))(
    "goes through its text once: $path",
    ({ text }) => {
      const flawed = regexpsIn(text).map((each) => [each.source, flawsOf(each)] as const);

      expect(flawed.filter(([, flaws]) => flaws.length > 0)).toEqual([]);
    },
  );

  it("is one of those that are looked at: they are found, and no other is put together while a program runs", () => {
    expect(reading.flatMap(({ text }) => regexpsIn(text)).length).toBeGreaterThan(60);
    expect(reading.filter(({ text }) => text.includes("new RegExp(")).map(({ path }) => path)).toEqual(composed);
  });
});

describe("the rule", () => {
  it.each([
    [/^(?:a+)+$/],
    [/^(?:a|b*)*c/],
    [/^\d+\.?\d*$/],
    [/^[^@]*@[^@]*x[^@]*$/],
    [/^\s*(.+?) \((.*?):(\d+)\)$/],
    [/^(.*),(.*)$/],
    [/\s+$/],
    [/[a-z]+!/],
    [/^(?:\w+\s?)*$/],
    [/^x*(?:y|x+)?z/],
  ])("names what goes back and forth in %s", (regexp) => {
    expect(flawsOf(regexp)).not.toEqual([]);
  });

  it.each([
    [/^[a-z]+\d*$/],
    [/^\d+(?:\.\d*)?(?:e[+-]?\d+)?$/],
    [/:(\d+)(?::\d+)?$/],
    [/\/[^/]*$/],
    [/[\r\n]+/g],
    [/\d{1,5}x/],
    [/^(?:0|[1-9]\d*)$/],
    [/(?:^|-)[a-z]/g],
    [/\s*x/y],
    [/^\p{L}+(?=\d)/u],
  ])("has nothing against %s", (regexp) => {
    expect(flawsOf(regexp)).toEqual([]);
  });

  it("finds the regexps of a source, and none in its comments and texts", () => {
    const source = String.raw`
      /** A path such as /a+/ or */
      const one = /^a[/\]]+$/gi; // not /b+/
      if (/x/.test("y / z / w")) return text.split(/,/);
      const half = total / 2 / count;`;

    expect(regexpsIn(source).map(String)).toEqual([String.raw`/^a[/\]]+$/gi`, "/x/", "/,/"]);
  });
});
