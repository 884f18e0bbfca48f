/**
 * What a page links to and shows, by a parser that runs on every runtime.
 *
 * @module
 */

import { Parser } from "htmlparser2";
import type { Page } from "./page.ts";

/** Finds links and images: absolute, http only, without fragments, each once, in the order of the page. */
export function findLinks(html: string, url: string): Pick<Page, "links" | "images"> {
  const links = new Set<string>();
  const images = new Set<string>();
  let base = url;
  const parser = new Parser({
    onopentag(name, { href, src }) {
      if (name === "base") base = absolute(href, url) ?? url;
      if (name === "a") addTo(links, absolute(href, base));
      if (name === "img") addTo(images, absolute(src, base));
    },
  });
  parser.end(html);
  return { links: [...links], images: [...images] };
}

function addTo(found: Set<string>, url: string | undefined): void {
  if (url !== undefined) found.add(url);
}

function absolute(reference: string | undefined, base: string): string | undefined {
  if (reference === undefined || !URL.canParse(reference, base)) return undefined;
  const url = new URL(reference, base);
  url.hash = "";
  return url.protocol === "http:" || url.protocol === "https:" ? url.href : undefined;
}
