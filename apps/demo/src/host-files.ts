/**
 * What a crawl found, as one text for each host. The starter writes them: a task has no disk on the edge.
 *
 * @module
 */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@umbel/app-worker/page";
import type { Summary } from "@umbel/app-worker/summary";

/** A text and the name of its file. */
export interface HostFile {
  readonly name: string;
  readonly text: string;
}

/** One text for each host that was visited or could not be. */
export function hostFilesOf(pages: readonly Page[], { failures, rejected }: Summary): readonly HostFile[] {
  const blocks = [
    ...pages.map((page) => ({ url: page.url, text: blockOf(page) })),
    ...failures.map(({ url, error }) => ({ url, text: `${url}\n  failed: ${error}\n` })),
    ...rejected.map(({ url, error }) => ({ url, text: `${url}\n  rejected: ${error}\n` })),
  ];
  const hosts = [...new Set(blocks.map(({ url }) => new URL(url).host))].toSorted();
  return hosts.map((host) => {
    const own = blocks.filter(({ url }) => new URL(url).host === host).toSorted((a, b) => (a.url < b.url ? -1 : 1));
    return { name: `${host.replaceAll(":", "_")}.txt`, text: own.map(({ text }) => text).join("\n") };
  });
}

/** Writes the texts into a folder, and returns their paths. */
export async function writeHostFiles(folder: string, files: readonly HostFile[]): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  return await Promise.all(
    files.map(async ({ name, text }) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    }),
  );
}

function blockOf({ url, links, images, retries }: Page): string {
  const lines = [...links.map((link) => `link: ${link}`), ...images.map((image) => `image: ${image}`)];
  const tries = retries === 0 ? [] : [`answered after ${retries} retries`];
  return [url, ...[...tries, ...lines].map((line) => `  ${line}`), ""].join("\n");
}
