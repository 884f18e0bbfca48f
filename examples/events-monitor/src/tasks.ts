/**
 * A crawl of one page: `visit` fetches it and starts a chain, `extract -> store`.
 *
 * @module
 */

import { type BoundTask, chain, Reject, type Task, Umbel } from "umbel";
import * as z from "zod/mini";
import { fetchPage } from "./web.ts";

/** The application: its workers tell of their tasks, as Celery's with `-E`, and its clients of what they send. */
export const app: Umbel = new Umbel("tasks", { workerSendTaskEvents: true, taskSendSentEvent: true });

/** What a page links to and shows. */
export interface Page {
  readonly url: string;
  readonly links: readonly string[];
  readonly images: readonly string[];
}

/** Words for the query of an address. */
type Query = { readonly urlParams?: [string, string][] | undefined };

/** The answer was no page. */
class HttpError extends Error {
  override readonly name = "HttpError";
}

/** Fetches a page, and has it taken apart and stored. Tries again what may pass; a host that does not exist is rejected. */
export const visit: Task<[address: string], null, Query> = app.task(
  {
    name: "tasks.visit",
    bind: true,
    kwargs: z.object({ urlParams: z.prefault(z.array(z.tuple([z.string(), z.string()])), []) }),
    maxRetries: 3,
    autoretryFor: [HttpError],
    retryBackoff: 2,
    retryJitter: false,
  },
  async (_task: BoundTask, address: string, { urlParams }: { readonly urlParams: readonly [string, string][] }) => {
    const url = new URL(address);
    for (const [name, value] of urlParams) url.searchParams.append(name, value);
    const response = await fetchPage(url).catch((cause: unknown) => {
      throw new Reject(`There is no host ${url.host}`, { cause });
    });
    if (!response.ok) throw new HttpError(`${response.status} ${url.href}`);
    await chain(extract.s(await response.text(), url.href), store.s()).delay();
    return null;
  },
);

/** Finds what a page links to and shows. */
export const extract: Task<[html: string, url: string], Page> = app.task(
  "tasks.extract",
  (html: string, url: string) => ({
    url,
    links: [...html.matchAll(/href="([^"]+)"/g)].map(([, href = ""]) => new URL(href, url).href),
    images: [...html.matchAll(/src="([^"]+)"/g)].map(([, src = ""]) => new URL(src, url).href),
  }),
);

/** Keeps what was found. */
export const store: Task<[page: Page], null> = app.task("tasks.store", (_page: Page) => null);
