import { describe, expect, it } from "vitest";
import { findLinks } from "../src/find-links.ts";

const here = "http://site.test/docs/guide.html";

describe("findLinks", () => {
  it.each([
    ["an absolute link", '<a href="https://other.test/x">', ["https://other.test/x"]],
    ["a relative link", '<a href="next.html">', ["http://site.test/docs/next.html"]],
    ["a link from the root", '<a href="/">', ["http://site.test/"]],
    ["a fragment by leaving it out", '<a href="next.html#part">', ["http://site.test/docs/next.html"]],
    ["a link that stands twice once", '<a href="/a">1</a><a href="/a#b">2</a>', ["http://site.test/a"]],
    ["entities in a link", '<a href="/a?b=1&amp;c=2">', ["http://site.test/a?b=1&c=2"]],
    ["links against the base", '<base href="/other/"><a href="a">', ["http://site.test/other/a"]],
    ["nothing but http", '<a href="mailto:a@b.test"><a href="javascript:x()"><a href="http://["><a>', []],
    ["what comes before broken markup ends", '<a href="/a"><div <a href="/b">', ["http://site.test/a"]],
  ])("finds %s", (_, html, links) => {
    expect(findLinks(html, here).links).toEqual(links);
  });

  it("finds images, absolute and each once", () => {
    const html = '<img src="a.png"><img src="/docs/a.png" alt=""><img alt="no source">';

    expect(findLinks(html, here).images).toEqual(["http://site.test/docs/a.png"]);
  });

  it("finds nothing in what is no HTML", () => {
    expect(findLinks("", here)).toEqual({ links: [], images: [] });
  });
});
