import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Pages, readDocuments } from "../src/site/documents.ts";
import { repository } from "@umbel/test/running-program";

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map(async (folder) => await rm(folder, { recursive: true })));
});

/** The pages of a repository with these files. */
async function pagesOf(files: Readonly<Record<string, string>>): Promise<Pages> {
  const root = await mkdtemp(join(tmpdir(), "umbel-site-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return await readDocuments(root);
}

describe("the documentation as pages", () => {
  it("has README, ARCHITECTURE and all of docs, and a list for each folder", async () => {
    const pages = await pagesOf({
      "README.md": "",
      "docs/a.md": "",
      "docs/deep/er/b.md": "",
      "src/c.md": "",
      "d.md": "",
    });

    expect([...pages.keys()].toSorted()).toEqual([
      "/README.md",
      "/docs/",
      "/docs/a.md",
      "/docs/deep/",
      "/docs/deep/er/",
      "/docs/deep/er/b.md",
    ]);
  });

  it("renders Markdown", async () => {
    const pages = await pagesOf({ "README.md": "# Title\n\nSome *text*." });

    expect(pages.get("/README.md")).toContain("<h1>Title</h1>\n<p>Some <em>text</em>.</p>");
  });

  it("lists in a folder what is directly in it", async () => {
    const pages = await pagesOf({ "docs/a.md": "", "docs/deep/b.md": "" });

    expect(pages.get("/docs/")?.match(/href="[^"]*"/g)).toEqual(['href="/docs/a.md"', 'href="/docs/deep/"']);
  });

  it("keeps links to pages and to other sites, and makes text of links to what it does not have", async () => {
    const pages = await pagesOf({
      "README.md": "[in](docs/a.md#part) [out](https://other.test/?a=1&b=2) [source](packages/core/src/app.ts)",
      "docs/a.md": "[up](../README.md) [folder](./) [gone](b.md)",
    });

    expect(pages.get("/README.md")).toContain(
      '<a href="docs/a.md#part">in</a> <a href="https://other.test/?a=1&amp;b=2">out</a> source',
    );
    expect(pages.get("/docs/a.md")).toContain('<a href="../README.md">up</a> <a href="./">folder</a> gone');
  });

  it("is this project's own", async () => {
    const pages = await readDocuments(repository);

    expect([...pages.keys()]).toEqual(expect.arrayContaining(["/README.md", "/ARCHITECTURE.md", "/docs/delivery.md"]));
  });
});
