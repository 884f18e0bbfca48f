/**
 * Fetches one page, within limits.
 *
 * @module
 */

import { Reject } from "umbel";
import type { Visited } from "./page.ts";
import { isUnknownHost } from "./unknown-host.ts";

/** The page cannot be had, and asking again would not help. */
export class PageError extends Error {
  override readonly name: string = "PageError";
}

/** The page cannot be had now: the server is busy or broken, or cannot be reached. */
export class TemporaryPageError extends PageError {
  override readonly name = "TemporaryPageError";
}

/** How often a page that cannot be had now is asked for again. */
export const mostRetries = 3;

/** Milliseconds for an answer and its body. */
const patience = 10_000;
/** Most bytes that are read of a page; what is longer is cut off. A message to the next task must hold it. */
const mostBytes = 256 * 1024;
const mostRedirects = 5;

/**
 * Fetches a page, following a few redirects. What is no HTML is not read.
 * Throws `TemporaryPageError` or `PageError`, and `Reject` when the host does not exist.
 */
export async function fetchPage(url: string, signal: AbortSignal): Promise<Pick<Visited, "url" | "html">> {
  const limits = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  let at = url;
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    const response = await request(at, limits);
    const target = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || target === null) {
      return { url: at, html: await readPage(response, at) };
    }
    await response.body?.cancel();
    at = new URL(target, at).href;
  }
  throw new PageError(`${url} redirects more than ${mostRedirects} times`);
}

async function request(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      signal,
      redirect: "manual",
      headers: { accept: "text/html", "user-agent": "umbel-demo" },
    });
  } catch (error) {
    if (isUnknownHost(error, url)) throw new Reject(`There is no host ${new URL(url).hostname}`, { cause: error });
    throw new TemporaryPageError(`${url} cannot be reached: ${reasonOf(error)}`, { cause: error });
  }
}

async function readPage(response: Response, url: string): Promise<string> {
  const { status, statusText } = response;
  if (status >= 200 && status < 300) return isHtml(response) ? await readText(response, url) : "";
  await response.body?.cancel();
  const message = `${url} answers ${status} ${statusText}`.trimEnd();
  throw status >= 500 || status === 429 || status === 408 ? new TemporaryPageError(message) : new PageError(message);
}

function isHtml(response: Response): boolean {
  return /^(?:text\/html|application\/xhtml\+xml)\b/i.test(response.headers.get("content-type") ?? "");
}

/** The first bytes of a body as UTF-8; links are ASCII in nearly every other encoding, too. */
async function readText(response: Response, url: string): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (let bytes = 0; bytes < mostBytes;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value.subarray(0, mostBytes - bytes), { stream: true });
      bytes += value.byteLength;
    }
  } catch (error) {
    throw new TemporaryPageError(`${url} broke off: ${reasonOf(error)}`, { cause: error });
  }
  await reader.cancel();
  return text;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
