/**
 * Starts a crawl through the web app, as any client would, and follows it by server-sent events.
 *
 * @module
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { CrawlLimits } from "@umbel/app-worker/limits";
import { Page } from "@umbel/app-worker/page";
import { Progress } from "@umbel/app-web/progress";
import * as z from "zod/mini";

/** A crawl that was accepted. */
export interface StartedCrawl {
  readonly id: string;
  readonly links: { readonly stream: string; readonly pages: string };
}

const StartedCrawl: z.ZodMiniType<StartedCrawl> = z.object({
  id: z.string(),
  links: z.object({ stream: z.string(), pages: z.string() }),
});

/** Milliseconds without any change after which a crawl is given up. */
const patience = 120_000;

/** Starts a crawl. Rejects when the web app does not accept it. */
export async function startCrawl(web: string, url: string, limits: Partial<CrawlLimits>): Promise<StartedCrawl> {
  const response = await fetch(new URL("/crawl", web), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ url, limits }),
  });
  if (response.status !== 202) throw new Error(`The web app answered ${response.status}: ${await response.text()}`);
  return z.parse(StartedCrawl, await response.json());
}

/** Yields how a crawl stands, each time that has changed, until it has ended. Opens the stream again when it breaks. */
export async function* followCrawl(web: string, { links }: StartedCrawl): AsyncGenerator<Progress> {
  const stream = new URL(links.stream, web);
  let lastChange = Date.now();
  while (Date.now() - lastChange < patience) {
    for await (const data of eventsOf(stream)) {
      lastChange = Date.now();
      const progress = z.parse(Progress, JSON.parse(data));
      yield progress;
      if (progress.state !== "RUNNING") return;
    }
    await sleep(300);
  }
  throw new Error(`Nothing has changed for ${patience / 1000} s`);
}

/** The pages that a crawl has kept. */
export async function readPages(web: string, { links }: StartedCrawl): Promise<readonly Page[]> {
  const response = await fetch(new URL(links.pages, web));
  if (!response.ok) throw new Error(`The web app answered ${response.status}: ${await response.text()}`);
  return z.parse(z.array(Page), await response.json());
}

/** The data of each event, until the stream ends or breaks. */
async function* eventsOf(url: URL): AsyncGenerator<string> {
  const response = await fetch(url).catch(() => undefined);
  if (!response?.ok || response.body === null) return;
  try {
    let text = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const events = (text + chunk).split("\n\n");
      text = events.pop() ?? "";
      yield* events.flatMap(dataOf);
    }
  } catch {
    // The connection broke: whoever follows opens it again.
  }
}

/** An event's data; nothing for a comment. */
function dataOf(event: string): readonly string[] {
  const lines = event.split("\n").filter((line) => line.startsWith("data:"));
  return lines.length === 0 ? [] : [lines.map((line) => line.slice(5).trimStart()).join("\n")];
}
