import { request } from "node:http";

import { Client } from "@upstash/qstash";
import { describe, expect, it, onTestFinished } from "vitest";

import { developmentToken, type ServedGateway, serveGateway, type ServeGatewayOptions } from "../src/index.ts";
import { startDestination, until } from "./push-harness.ts";

const own: Readonly<Record<string, string>> = {
  QSTASH_TOKEN: "t",
  QSTASH_CURRENT_SIGNING_KEY: "sig_c",
  QSTASH_NEXT_SIGNING_KEY: "sig_n",
  UPSTASH_REDIS_REST_TOKEN: "r",
};

async function serve(
  variables: Readonly<Record<string, string>> = {},
  options: Partial<ServeGatewayOptions> = {},
): Promise<ServedGateway> {
  const gateway = await serveGateway({
    data: ":memory:",
    environment: (name) => variables[name],
    port: 0,
    restPort: 0,
    log: () => {},
    ...options,
  });
  onTestFinished(() => gateway.close());
  return gateway;
}

function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, { headers: { Authorization: `Bearer ${developmentToken}`, ...headers } });
}

describe("a gateway that is served", () => {
  it("is found by a client with nothing but its variables, on both ports", async () => {
    const destination = await startDestination();
    const { variables, url, restUrl } = await serve();
    const { QSTASH_URL: baseUrl = "", QSTASH_TOKEN: token = "" } = variables;

    await new Client({ baseUrl, token }).publish({ url: destination.url, body: "x" });
    const ping = await fetch(`${restUrl}/ping`, {
      headers: { Authorization: `Bearer ${variables["UPSTASH_REDIS_REST_TOKEN"]}` },
    });

    await until(() => destination.arrivals.length === 1);
    expect(destination.arrivals[0]?.headers).toMatchObject({ "upstash-caller-ip": "127.0.0.1" });
    expect(await ping.json()).toEqual({ result: "PONG" });
    expect(variables).toMatchObject({
      QSTASH_URL: url,
      UPSTASH_REDIS_REST_URL: restUrl,
      UPSTASH_REDIS_REST_TOKEN: "umbel-dev",
    });
  });

  it("takes no other port than the one that is asked for, and says who has that", async () => {
    const { url } = await startDestination();
    const { port, restPort } = await serve();

    const refused = [{ port }, { restPort }, { port: Number(new URL(url).port) }, { port, hostname: "0.0.0.0" }].map(
      async (options) =>
        await serve({ ...own, UMBEL_WORKER_URL: "https://worker.example" }, options).then(
          () => "it listens",
          (error: unknown) => String(error),
        ),
    );

    expect(await Promise.all(refused)).toEqual([
      `PortTaken: port ${port} of 127.0.0.1 is taken: another Umbel gateway runs there`,
      `PortTaken: port ${restPort} of 127.0.0.1 is taken: another Umbel gateway runs there`,
      `PortTaken: port ${new URL(url).port} of 127.0.0.1 is taken: another program listens there`,
      `PortTaken: port ${port} of 0.0.0.0 is taken: another Umbel gateway runs there`,
    ]);
  });

  it("fails where the address is not this machine's, and leaves nothing open", async () => {
    const failing = serve({ ...own, UMBEL_WORKER_URL: "http://worker.example" }, { hostname: "192.0.2.1" });
    await expect(failing).rejects.toThrow(/192\.0\.2\.1|EADDRNOTAVAIL/);
  });

  it("answers no more once it is closed", async () => {
    const { url, close } = await serve();
    await close();
    await expect(get(`${url}/v2/keys`)).rejects.toThrow(/fetch failed|unable to connect/i);
  });
});

describe("the public development credentials", () => {
  it.each([
    { Host: "gateway.example" },
    { Origin: "https://page.example" },
    { Origin: "null" },
    { "Sec-Fetch-Site": "cross-site" },
  ])("serve no page of elsewhere: %j", async (headers) => {
    const { port, restPort } = await serve();

    const answers = await Promise.all([port, restPort].map((each) => statusOf(each, headers)));

    expect(answers).toEqual([403, 403]);
  });

  it.each([{}, { Origin: "http://localhost:3000" }, { "Sec-Fetch-Site": "same-site" }])(
    "serve this machine: %j",
    async (headers) => {
      const { port } = await serve();
      expect(await statusOf(port, headers)).toBe(200);
    },
  );

  it("are not there for a gateway that others reach, or that is in production", async () => {
    const worker = { UMBEL_WORKER_URL: "http://worker.example" };

    await expect(serve(worker, { hostname: "0.0.0.0" })).rejects.toThrow("QSTASH_TOKEN is not set");
    await expect(serve({ ...worker, NODE_ENV: "production" })).rejects.toThrow("QSTASH_TOKEN is not set");
    await expect(serve({ ...worker, ...own, QSTASH_TOKEN: developmentToken }, { hostname: "0.0.0.0" })).rejects.toThrow(
      "QSTASH_TOKEN has the public development value",
    );
    await expect(serve({ ...worker, ...own, UPSTASH_REDIS_REST_TOKEN: "" }, { hostname: "::" })).rejects.toThrow(
      "UPSTASH_REDIS_REST_TOKEN is not set",
    );
  });
});

describe("a gateway that others reach", () => {
  it("pushes to its workers only", async () => {
    const variables = {
      ...own,
      UMBEL_WORKER_URL: "http://127.0.0.1:1234/base",
      UMBEL_QUEUES: '{"a":"https://a.example/x"}',
    };
    const { port } = await serve(variables, { hostname: "0.0.0.0" });
    const client = new Client({ baseUrl: `http://127.0.0.1:${port}`, token: "t", retry: false });

    await expect(client.publish({ url: "http://127.0.0.1:1234/q/default", delay: 60 })).resolves.toHaveProperty(
      "messageId",
    );
    await expect(client.publish({ url: "https://a.example/q/a", delay: 60 })).resolves.toHaveProperty("messageId");
    await expect(client.publish({ url: "http://127.0.0.1:1235/", delay: 60 })).rejects.toThrow(
      "may not push to http://127.0.0.1:1235",
    );
  });

  it.each([
    [{}, "UMBEL_WORKER_URL is not set"],
    [{ UMBEL_QUEUES: "a=b" }, "UMBEL_QUEUES is not JSON"],
    [{ UMBEL_WORKER_URL: "worker" }, "UMBEL_WORKER_URL is no http or https URL"],
  ])("does not start with %j", async (variables, reason) => {
    await expect(serve({ ...own, ...variables }, { hostname: "0.0.0.0" })).rejects.toThrow(reason);
  });
});

/** fetch sets Host and Origin itself, so this goes by node:http. */
function statusOf(port: number, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const all = { Authorization: `Bearer ${developmentToken}`, ...headers };
    request({ port, host: "127.0.0.1", path: "/v2/keys", headers: all }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once("error", reject)
      .end();
  });
}
