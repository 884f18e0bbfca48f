/**
 * The project's documentation as pages: Markdown files by their paths in the repository, and a list for each folder.
 *
 * @module
 */

import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { Marked } from "marked";

/** Pages by path: `/README.md`, `/docs/`. */
export type Pages = ReadonlyMap<string, string>;

/** Reads README.md, ARCHITECTURE.md and all of docs. What is not there is left out. */
export async function readDocuments(root: string): Promise<Pages> {
  const files = [...(await filesIn(root, ["README.md", "ARCHITECTURE.md"])), ...(await markdownUnder(root, "docs"))];
  const paths = new Set(files.map((file) => `/${file}`));
  const folders = new Map([...foldersOf(paths)].map((folder) => [folder, listOf(folder, paths)]));
  for (const folder of folders.keys()) paths.add(folder);
  const pages = await Promise.all(
    files.map(
      async (file) => [`/${file}`, render(await readFile(join(root, file), "utf8"), `/${file}`, paths)] as const,
    ),
  );
  return new Map([...folders, ...pages]);
}

/** A page around a body of HTML. */
export function layout(title: string, body: string): string {
  return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>${escape(title)}</title>\n${body}\n</html>\n`;
}

/** Text as it may stand in HTML. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

async function filesIn(root: string, names: readonly string[]): Promise<readonly string[]> {
  const there = new Set(await readdir(root));
  return names.filter((name) => there.has(name));
}

async function markdownUnder(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => posix.relative(posixPath(root), posix.join(posixPath(entry.parentPath), entry.name)))
    .toSorted();
}

function posixPath(path: string): string {
  return path.replaceAll("\\", "/");
}

/** Every folder that a page is in, the root left out: `/docs/`. */
function foldersOf(paths: ReadonlySet<string>): ReadonlySet<string> {
  const folders = [...paths].flatMap((path) => {
    const names = path.split("/").slice(1, -1);
    return names.map((_, index) => `/${names.slice(0, index + 1).join("/")}/`);
  });
  return new Set(folders);
}

/** A page that links to what is directly in a folder. */
function listOf(folder: string, paths: ReadonlySet<string>): string {
  const inside = [...paths, ...foldersOf(paths)].filter((path) => path !== folder && path.startsWith(folder));
  const direct = inside.filter((path) => !path.slice(folder.length, -1).includes("/"));
  return layout(folder, `<h1>${escape(folder)}</h1>\n<ul>\n${direct.map((path) => item(path)).join("\n")}\n</ul>`);
}

function item(path: string): string {
  return `<li><a href="${escape(path)}">${escape(path)}</a></li>`;
}

/** Renders one file. A link into the repository that is no page stays text: the site has the documentation only. */
function render(markdown: string, path: string, paths: ReadonlySet<string>): string {
  const marked = new Marked({
    renderer: {
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        return isReachable(href, path, paths) ? `<a href="${escape(href)}">${text}</a>` : text;
      },
    },
  });
  return layout(path, marked.parse(markdown, { async: false }));
}

function isReachable(href: string, path: string, paths: ReadonlySet<string>): boolean {
  const site = "http://site.invalid";
  if (!URL.canParse(href, `${site}${path}`)) return false;
  const url = new URL(href, `${site}${path}`);
  return url.origin !== site || paths.has(decodeURIComponent(url.pathname));
}
