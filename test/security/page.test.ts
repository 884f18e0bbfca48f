/** docs/security.md names the tests that hold its claims: they are there, and it forgets none. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${root}docs/security.md`, "utf8");
const names = [...new Set(Array.from(page.matchAll(/`([\w/-]+\.test\.ts)`/g), ([, name = ""]) => name))];

it.each(names)("%s, which the page names, is there", (name) => {
  expect(existsSync(`${root}${name.includes("/") ? name : `test/security/${name}`}`)).toBe(true);
});

it("the page names every test of this folder but this one", () => {
  const here = readdirSync(`${root}test/security`).filter((name) => name.endsWith(".test.ts"));

  expect(here.filter((name) => name !== "page.test.ts" && !names.includes(name))).toEqual([]);
});
