/** docs/security.md names a test for every claim: the tests are there. */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${root}docs/security.md`, "utf8");
const names = [...new Set(Array.from(page.matchAll(/`([\w/-]+\.test\.ts)`/g), ([, name = ""]) => name))];

it.each(names)("%s, which the page names, is there", (name) => {
  expect(existsSync(`${root}${name.includes("/") ? name : `test/security/${name}`}`)).toBe(true);
});

it("the page names every test of this folder that is about a claim", () => {
  expect(names.length).toBeGreaterThan(12);
});
