import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const source = readFileSync(`${root}packages/protocol/src/errors.ts`, "utf8");

/** Codes of the classes that exist, with their names. */
const classes = [...source.matchAll(/export class (\w+) extends UmbelError \{[^}]*?readonly code = "(\w+)"/gs)].map(
  ([, name = "", code = ""]) => ({ name, code }),
);

describe("an error", () => {
  it.each(classes)("$name has a page under its code $code", ({ name, code }) => {
    const page = readFileSync(`${root}docs/errors/${code}.md`, "utf8");

    expect(page).toContain(`# ${code}\n\n\`${name}\``);
  });

  it("has a class for each page", () => {
    const pages = readdirSync(`${root}docs/errors`).map((file) => file.replace(/\.md$/, ""));

    expect(pages.toSorted()).toEqual(classes.map((each) => each.code).toSorted());
  });
});
