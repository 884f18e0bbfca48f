/** How much of a stranger's request is read, and how long its text may take. */

import { serve as serveHono } from "@hono/node-server";
import { decodePush, readDate, secondsOf, tracebackOf } from "@umbel/protocol";
import { once } from "node:events";
import { connect } from "node:net";
import { Hono } from "hono";
import { beat } from "umbel/beat";
import { results } from "umbel/results";
import { worker } from "umbel/worker";
import { describe, expect, it, onTestFinished } from "vitest";
import { world } from "../flow/world.ts";
import { growthOf } from "./growth.ts";
import { secret } from "./secrets.ts";

const headers = { authorization: `Bearer ${secret}` };

/** All three doors, with a small limit. */
function openSite() {
  const home = world({ workerMaxBody: 100, env: { UMBEL_RESULTS_TOKEN: secret, UMBEL_BEAT_TOKEN: secret } });
  const add = home.app.task("shop.add", (x: unknown) => JSON.stringify(x));
  const site = new Hono()
    .route("/", worker(home.app))
    .route("/tasks", results(home.app))
    .route("/beat", beat(home.app, {}));
  return { ...home, site, add };
}

/** A body without end, and how much of it was taken. */
function endless() {
  const taken = { bytes: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      taken.bytes += 1000;
      controller.enqueue(new Uint8Array(1000));
    },
  });
  return { body, taken };
}

const doors = ["/q/default", "/failed", "/tasks/shop.add", "/beat/tick"];

describe("a body", () => {
  it.each(doors)("without end is left soon at %s, whatever length it claims", async (path) => {
    const { site } = openSite();

    for (const length of [undefined, "1", "0"]) {
      const { body, taken } = endless();
      const claimed = length === undefined ? headers : { ...headers, "content-length": length };
      const init: RequestInit & { duplex: "half" } = { method: "POST", body, headers: claimed, duplex: "half" };
      const response = await site.request(`http://127.0.0.1${path}`, init);

      expect(response.status).toBe(413);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(taken.bytes).toBeLessThan(100_000);
    }
  });

  it("is not read at all where there is no token", async () => {
    const { site } = openSite();
    const { body, taken } = endless();
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };

    const response = await site.request("http://127.0.0.1/tasks/shop.add", init);

    expect(response.status).toBe(401);
    expect(taken.bytes).toBeLessThan(3000);
  });

  it("that is nested without end is a bad request", async () => {
    const { site, app } = openSite();
    app.conf.update({ workerMaxBody: 10_000_000 });

    for (const depth of [1001, 100_000, 4_000_000]) {
      const body = `{"args":[${"[".repeat(depth)}${"]".repeat(depth)}]}`;
      const response = await site.request("http://127.0.0.1/tasks/shop.add", { method: "POST", headers, body });
      expect(response.status).toBe(400);
    }
  });
});

describe("served by Node", () => {
  it("refuses headers without end and a body that outgrows its length, and goes on serving", async () => {
    const { site } = openSite();
    const server = serveHono({ fetch: site.fetch, port: 0, hostname: "127.0.0.1" });
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const push = "POST /q/default HTTP/1.1\r\nhost: 127.0.0.1\r\n";

    const answers = [
      await sent(port, `${push}upstash-signature: ${"x".repeat(100_000)}\r\ncontent-length: 0\r\n\r\n`),
      await sent(
        port,
        `${push}transfer-encoding: chunked\r\nconnection: close\r\n\r\n3e8\r\n${"x".repeat(1000)}\r\n0\r\n\r\n`,
      ),
      await sent(port, `${push}content-length: 5\r\ncontent-length: 6\r\n\r\nxxxxx`),
      await sent(port, `${push}content-length: 2\r\nconnection: close\r\n\r\n{}and more`),
    ];

    expect(answers.map((answer) => answer.slice(9, 12))).toEqual(["431", "413", "400", "400"]);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  });
});

describe("the time that a text takes", () => {
  const texts: readonly ((long: number) => string)[] = [
    (long) => "1".repeat(long),
    (long) => `${"1".repeat(long)}.${"1".repeat(long)}`,
    (long) => "1w".repeat(long),
    (long) => `2026-01-01T00:00:00.${"1".repeat(long)}x`,
    (long) => `"${'\\"'.repeat(long)}`,
    (long) => `at ${"(".repeat(long)}`,
    (long) => "@:1".repeat(long),
    (long) => `${"a@".repeat(300)}:1:1:1:x\n`.repeat(long / 500),
    (long) => `at async ${"x (".repeat(250)}:1:1\n`.repeat(long / 500),
    (long) => `Bearer ${" ".repeat(long)}`,
  ];

  it.each([
    { name: "readDate", read: readDate },
    { name: "secondsOf", read: secondsOf },
    { name: "decodePush", read: decodePush },
    { name: "tracebackOf", read: (text: string) => tracebackOf(Object.assign(new Error("x"), { stack: text })) },
  ])("does not grow with its square in $name", async ({ read }) => {
    for (const text of texts) {
      expect(await growthOf(async (long) => await tried(read, text(long)), 50_000)).toBeLessThan(disproportion);
    }
  });

  it("does not grow with its square in a header", async () => {
    const { site } = openSite();
    const ask = async (long: number) => {
      const authorization = `Bearer ${"a ".repeat(long)}`;
      return await site.request("http://127.0.0.1/tasks/a", { headers: { authorization } });
    };

    expect(await growthOf(ask, 50_000)).toBeLessThan(disproportion);
  });
});

/** Half way between a cost in proportion, for four times as much, and one that grows with the square. */
const disproportion = 10;

/** Reads a text, whether it can be read or not. */
async function tried(read: (text: string) => unknown, text: string): Promise<void> {
  try {
    await read(text);
  } catch {
    // Refused: as good an answer, if it comes soon.
  }
}

/** Sends bytes to a port, and gives what comes back until the connection ends. */
async function sent(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => void (answer += String(chunk)));
  socket.on("error", () => undefined);
  socket.write(text);
  const closed = new Promise<void>((resolve) => void socket.on("close", () => resolve()));
  socket.setTimeout(60_000, () => socket.destroy());
  await closed;
  return answer;
}
