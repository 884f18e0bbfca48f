import { describe, expect, it } from "vitest";
import cloudflare from "../src/cloudflare.ts";
import { pageOf } from "../src/page.ts";
import { web } from "../src/web.ts";

async function post(body: unknown) {
  const headers = { "content-type": "application/json" };
  return await web.request("/crawl", { method: "POST", headers, body: JSON.stringify(body) });
}

describe("the web app", () => {
  it("shows a page that needs nothing else", async () => {
    const response = await web.request("/");

    const html = await response.text();

    expect(response.status).toBe(200);
    expect(html).not.toMatch(/<(?:link|script|img)[^>]*(?:src|href)=/);
  });

  it("fills in the site's address as text, whatever is in it", () => {
    expect(pageOf('"><script>alert(1)</script>')).toContain('value="&quot;>&lt;script>alert(1)&lt;/script>"');
  });

  it.each([
    ["an address that is not of the web", { url: "ftp://127.0.0.1/" }],
    ["no JSON", undefined],
    ["no address", {}],
    ["an address that is none", { url: "nowhere" }],
    ["a limit that is none", { url: "http://site.test/", limits: { maxPages: 0 } }],
    ["a limit that does not exist", { url: "http://site.test/", limits: { maxPage: 1 } }],
  ])("refuses %s with 400", async (_, body) => {
    expect((await post(body)).status).toBe(400);
  });

  it("reads results only for who may", async () => {
    expect((await web.request("/tasks/some-id")).status).toBe(401);
  });

  it("is what Cloudflare serves", () => {
    expect(cloudflare.fetch).toBe(web.fetch);
  });
});
