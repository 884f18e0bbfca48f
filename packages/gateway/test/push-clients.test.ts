/** Clients that are slow, silent, greedy or wrong, at a gateway in a process of its own. */

import { once } from "node:events";
import { connect, type Socket } from "node:net";

import { describe, expect, it, onTestFinished } from "vitest";

import { type GatewayProcess, runtimes, startProcess } from "./gateway-process.ts";
import { startDestination, until } from "./push-harness.ts";

/** What a client that uses the gateway's two doors knows, and nobody else may. */
const secrets = {
  QSTASH_TOKEN: "the-publishers-token",
  QSTASH_CURRENT_SIGNING_KEY: "sig_the-current-key",
  QSTASH_NEXT_SIGNING_KEY: "sig_the-next-key",
  UPSTASH_REDIS_REST_TOKEN: "the-token-of-the-store",
};

const authorization = `Bearer ${secrets.QSTASH_TOKEN}`;
const head = `POST /v2/publish/http://127.0.0.1:9/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${authorization}\r\n`;

/** A connection that has said so much, and adds `more` to it now and then. */
async function open({ url }: GatewayProcess, said: string, more = ""): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.resume();
  const timer = setInterval(() => more !== "" && socket.writable && socket.write(more), 200);
  onTestFinished(() => {
    clearInterval(timer);
    socket.destroy();
  });
  await once(socket, "connect");
  socket.write(said);
  return socket;
}

describe.each(runtimes)("a gateway on %s", (runtime) => {
  it("ends connections on which a request does not come, and serves others meanwhile", async () => {
    const destination = await startDestination();
    const gateway = await startProcess(runtime, ":memory:", { environment: secrets, options: { requestTimeout: 1 } });
    const slow = await Promise.all([
      open(gateway, head, "a"),
      open(gateway, `${head}Content-Length: 1000\r\n\r\n`, "a"),
      open(gateway, `${head}Transfer-Encoding: chunked\r\n\r\n`, "1\r\na\r\n"),
      ...Array.from({ length: 300 }, () => open(gateway, "")),
    ]);

    await gateway.client.publish({ url: destination.url, body: "in time" });

    await until(() => destination.arrivals.length === 1);
    await until(() => slow.every(({ destroyed }) => destroyed), "all slow ones are ended", 15);
    expect(destination.bodies()).toEqual(["in time"]);
  });

  it("keeps no part of a body that is too long, said or not, and takes no huge headers", async () => {
    const gateway = await startProcess(runtime, ":memory:", { environment: secrets, options: { maxBody: 1000 } });
    const answers = [
      `${head}Content-Length: 1001\r\n\r\n`,
      `${head}Transfer-Encoding: chunked\r\n\r\n3e9\r\n${"x".repeat(1001)}\r\n`,
      `${head}Upstash-Forward-Big: ${"x".repeat(200_000)}\r\nContent-Length: 0\r\n\r\n`,
    ].map(async (said) => {
      const socket = await open(gateway, said);
      const [data]: unknown[] = await once(socket, "data");
      return String(data).split(" ")[1];
    });

    expect(await Promise.all(answers)).toEqual(["413", "413", "431"]);
  });

  it("says no secret in its output or its errors, whatever goes wrong", async () => {
    const destination = await startDestination((_arrival, response) => response.writeHead(500).end());
    const gateway = await startProcess(runtime, ":memory:", { environment: secrets, speaks: true });
    const { url, restUrl } = gateway;
    const userinfo = destination.url.replace("http://", "http://me:the-password@");
    const attempts: readonly (readonly [string, string, string?])[] = [
      [`${url}/v2/publish/${destination.url}`, "wrong-token"],
      [`${url}/v2/publish/${userinfo}/?key=the-key-in-the-query`, secrets.QSTASH_TOKEN],
      [`${url}/v2/publish/http://me:the-password@127.0.0.1:1/`, secrets.QSTASH_TOKEN],
      [`${url}/v2/batch`, secrets.QSTASH_TOKEN, "the-body, which is not JSON"],
      [
        `${url}/v2/batch`,
        secrets.QSTASH_TOKEN,
        JSON.stringify([{ destination: url, headers: { a: "the-header\u0000" } }]),
      ],
      [`${url}/v2/nothing?qstash_token=${secrets.QSTASH_TOKEN}`, secrets.QSTASH_TOKEN],
      [`${restUrl}/set/a/b`, "wrong-token"],
      [`${restUrl}/nothing?_token=${secrets.UPSTASH_REDIS_REST_TOKEN}`, secrets.UPSTASH_REDIS_REST_TOKEN],
      [`${restUrl}/`, secrets.UPSTASH_REDIS_REST_TOKEN, "the-body, which is not JSON"],
    ];

    const answers = await Promise.all(
      attempts.map(async ([target, token, body = "the-body"]) => {
        const headers = {
          authorization: `Bearer ${token}`,
          "upstash-forward-authorization": "Bearer of-the-publisher",
        };
        return (await fetch(target, { method: "POST", headers, body })).text();
      }),
    );
    await until(() => (gateway.output().match(/retry 1 of 3/g) ?? []).length === 2, "both failures are in the log");

    const said = [gateway.output(), ...answers].join("\n");
    const hidden = [
      ...Object.values(secrets),
      "wrong-token",
      "the-password",
      "the-header",
      "the-key-in",
      "of-the-publisher",
      "the-body",
    ];
    expect(hidden.filter((secret) => said.includes(secret))).toEqual([]);
  });
});
