/**
 * The site that the demo crawls when it is not given one: the documentation, served on loopback, with three links that
 * go wrong on purpose.
 *
 * @module
 */

import { createServer, type ServerResponse } from "node:http";
import type { CrawlLimits } from "@umbel/app-worker/limits";
import { freePorts } from "../ports.ts";
import { layout, escape, type Pages, readDocuments } from "./documents.ts";

/** The site, served. */
export interface Site {
  /** Its first page. */
  readonly url: string;
  /** How many pages there are to be had. */
  readonly size: number;
  /** How far a crawl has to go to see all of it. */
  readonly limits: Partial<CrawlLimits>;
  /** A page that is linked to and does not exist. */
  readonly missing: string;
  /** A page on a host that does not exist. */
  readonly nowhere: string;
  /** Path of a page that fails twice before it answers. */
  readonly unsteady: string;
  /** How often each path was asked for. */
  readonly visits: ReadonlyMap<string, number>;
  /** Stops serving. */
  close(): void;
}

const missing = "/docs/this-page-is-missing.md";
const unsteady = "/unsteady";
const nowhere = "http://no-such-host.invalid/";

/** How often the unsteady page fails before it answers. */
const failures = 2;

/** Where it is served when the port is free: the same each time, so that a run writes over the files of the last one. */
const wantedPort = 8790;

/** Serves the documentation in `root` on loopback. */
export async function serveSite(root: string): Promise<Site> {
  const documents = await readDocuments(root);
  const pages = new Map([...documents, ["/", homeOf(documents)], [unsteady, unsteadyPage]]);
  const visits = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
    const visit = (visits.get(path) ?? 0) + 1;
    visits.set(path, visit);
    if (path === unsteady && visit <= failures) answer(response, 503, layout("Busy", "<p>Come back in a second.</p>"));
    else answer(response, pages.has(path) ? 200 : 404, pages.get(path) ?? layout("Missing", "<p>No such page.</p>"));
  });
  const [port] = await freePorts([wantedPort], "127.0.0.1");
  await new Promise<void>((resolve) => void server.listen(port, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    size: pages.size,
    limits: { hosts: [new URL(nowhere).host], maxPages: pages.size + 2 }, // Two more are linked to, and not there.
    missing: new URL(missing, url).href,
    nowhere,
    unsteady,
    visits,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(body);
}

const unsteadyPage = layout("Unsteady", "<p>This page fails twice before it answers.</p>");

/** Links to what is at the top, and to what goes wrong. */
function homeOf(documents: Pages): string {
  const top = [...documents.keys()].filter((path) => !path.slice(1, -1).includes("/"));
  return layout(
    "Umbel's documentation",
    `<h1>Umbel's documentation</h1>\n<ul>\n${listOf(top)}\n</ul>\n` +
      `<p>Three links that go wrong, so that a crawl has something to tell:</p>\n` +
      `<ul>\n${listOf([missing, unsteady, nowhere])}\n</ul>`,
  );
}

function listOf(paths: readonly string[]): string {
  return paths.map((path) => `<li><a href="${escape(path)}">${escape(path)}</a></li>`).join("\n");
}
