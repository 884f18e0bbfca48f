import { createServer, type RequestListener, type Server } from "node:http";
import { Reject } from "umbel";
import { afterEach, describe, expect, it } from "vitest";
import { fetchPage, PageError, TemporaryPageError } from "../src/fetch-page.ts";

const servers: Server[] = [];
const patient = new AbortController().signal;

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Serves on a free port; returns the address of a path on it. */
async function serve(listener: RequestListener): Promise<(path: string) => string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new TypeError("The server has no port");
  return (path) => `http://127.0.0.1:${address.port}${path}`;
}

/** Answers every path with one status, type and body. */
function answering(status: number, type: string, body: string | Buffer): RequestListener {
  return (_, response) => void response.writeHead(status, { "content-type": type }).end(body);
}

describe("fetchPage", () => {
  it("returns a page's HTML", async () => {
    const at = await serve(answering(200, "text/html; charset=utf-8", "<p>Grüße</p>"));

    expect(await fetchPage(at("/"), patient)).toEqual({ url: at("/"), html: "<p>Grüße</p>" });
  });

  it("reads nothing of what is no HTML", async () => {
    const at = await serve(answering(200, "image/png", "<a href='/x'>"));

    expect(await fetchPage(at("/"), patient)).toEqual({ url: at("/"), html: "" });
  });

  it("cuts off what is longer than 256 KiB", async () => {
    const at = await serve(answering(200, "text/html", Buffer.alloc(1_000_000, "x")));

    expect((await fetchPage(at("/"), patient)).html).toHaveLength(256 * 1024);
  });

  it("follows redirects, and says where the page is", async () => {
    const at = await serve((request, response) => {
      if (request.url === "/new") response.writeHead(200, { "content-type": "text/html" }).end("here");
      else response.writeHead(301, { location: "/new" }).end();
    });

    expect(await fetchPage(at("/old"), patient)).toEqual({ url: at("/new"), html: "here" });
  });

  it("gives up a page that redirects for ever", async () => {
    const at = await serve((_, response) => void response.writeHead(302, { location: "/again" }).end());

    await expect(fetchPage(at("/"), patient)).rejects.toThrow(/redirects more than 5 times/);
  });

  it.each([404, 403, 410])("takes %d for an answer that will not change", async (status) => {
    const at = await serve(answering(status, "text/html", "no"));

    const error: unknown = await fetchPage(at("/"), patient).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(PageError);
    expect(error).not.toBeInstanceOf(TemporaryPageError);
  });

  it.each([500, 503, 429, 408])("takes %d for one that may pass", async (status) => {
    const at = await serve(answering(status, "text/html", "no"));

    await expect(fetchPage(at("/"), patient)).rejects.toThrow(TemporaryPageError);
  });

  it("takes a server that cannot be reached, and a body that breaks off, for something that may pass", async () => {
    const at = await serve((request, response) => {
      if (request.url === "/closed") return void request.socket.destroy();
      response.writeHead(200, { "content-type": "text/html", "content-length": "100" });
      response.write("half", () => request.socket.destroy());
    });

    await expect(fetchPage(at("/closed"), patient)).rejects.toThrow(TemporaryPageError);
    await expect(fetchPage(at("/half"), patient)).rejects.toThrow(TemporaryPageError);
  });

  it("rejects a page on a host that does not exist", async () => {
    await expect(fetchPage("http://no-such-host.invalid/", patient)).rejects.toThrow(Reject);
  });

  it("ends when the task is told to", async () => {
    const end = new AbortController();
    const at = await serve(() => end.abort());

    await expect(fetchPage(at("/"), end.signal)).rejects.toThrow(TemporaryPageError);
  });
});
