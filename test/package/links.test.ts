import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../running-program.ts";

/** Pages that are part of the tree. */
const pages = execFileSync("git", ["ls-files", "*.md"], { cwd: repository, encoding: "utf8" }).trim().split("\n");

describe("the pages", () => {
  it("have no link to a page, or a heading of one, that there is not", () => {
    const links = pages.flatMap((page) => linksIn(page).map((link) => ({ page, link })));

    expect(links.length).toBeGreaterThan(300);
    expect(links.filter(({ page, link }) => !leads(page, link))).toEqual([]);
  });
});

/** Those within the tree. */
function linksIn(page: string): readonly string[] {
  const links = [...prose(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

function leads(page: string, link: string): boolean {
  const [path = "", heading] = decodeURIComponent(link).split("#");
  const target = path === "" ? page : relative(repository, join(repository, dirname(page), path));
  if (!existsSync(join(repository, target))) return false;
  return heading === undefined || !target.endsWith(".md") || anchorsOf(target).has(heading);
}

/** As GitHub and its like make them of headings: small letters, no punctuation, a number behind one that was there before. */
function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of prose(page, { withCode: true }).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
    let nth = 0;
    while (anchors.has(nth === 0 ? anchor : `${anchor}-${nth}`)) nth += 1;
    anchors.add(nth === 0 ? anchor : `${anchor}-${nth}`);
  }
  return anchors;
}

/** Without programs, which have brackets of their own, and without words of code in a line. */
function prose(page: string, { withCode = false }: { readonly withCode?: boolean } = {}): string {
  const text = readFileSync(join(repository, page), "utf8").replaceAll(/^ *```[^]*?^ *```$/gm, "");
  return withCode ? text : text.replaceAll(/`[^`\n]*`/g, "code");
}
