/**
 * Reads a crawl's calls from the backend, again and again, and asks each time only for those that may have changed.
 *
 * @module
 */

import { Page } from "@umbel/app-worker/page";
import type { Backend, ResultMeta } from "umbel";
import { callsOf, type CrawlCall, rootOf } from "./crawl-tree.ts";
import type { Progress } from "./progress.ts";
import { type KnownCall, progressOf } from "./standing.ts";

/** Reads one crawl. */
export interface CrawlReader {
  /** How it stands now. Throws `BackendUnavailable`. */
  progress(): Promise<Progress>;
  /** The pages that it has kept so far. Throws `BackendUnavailable`. */
  pages(): Promise<readonly Page[]>;
}

/** Opens the crawl with this id. One that nobody has started is running for ever, as any unknown id is PENDING. */
export function crawlReader(backend: Pick<Backend, "read">, id: string): CrawlReader {
  const ended = new Map<string, ResultMeta>();

  async function read(calls: readonly CrawlCall[]): Promise<readonly KnownCall[]> {
    const open = calls.filter((call) => !ended.has(call.id)).map((call) => call.id);
    const metas = open.length === 0 ? [] : await backend.read(open);
    const found = new Map(open.map((each, index) => [each, metas[index]]));
    for (const meta of metas) if (isEnded(meta)) ended.set(meta.task_id, meta);
    return calls.map((call) => ({ call, meta: ended.get(call.id) ?? found.get(call.id) }));
  }

  /** The call and all that it led to, one round trip a level. */
  async function readFrom(calls: readonly CrawlCall[]): Promise<readonly KnownCall[]> {
    const known = await read(calls);
    const next = known.flatMap(({ call, meta }) => (call.url === undefined ? callsOf(meta) : []));
    return next.length === 0 ? known : [...known, ...(await readFrom(next))];
  }

  return {
    progress: async () => progressOf(id, await readFrom([rootOf(id)])),
    pages: async () => (await readFrom([rootOf(id)])).flatMap(pageIn),
  };
}

function pageIn({ call, meta }: KnownCall): readonly Page[] {
  if (call.task !== "demo.store" || meta?.status !== "SUCCESS") return [];
  const page = Page.safeParse(meta.result);
  return page.success ? [page.data] : [];
}

function isEnded(meta: ResultMeta | undefined): meta is ResultMeta {
  return meta !== undefined && ["SUCCESS", "FAILURE", "REVOKED"].includes(meta.status);
}
