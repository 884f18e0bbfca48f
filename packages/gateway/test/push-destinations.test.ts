/** Where a gateway pushes to, and what a publisher cannot make it call. */

import type { LookupAddress } from "node:dns";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import type { Allow } from "../src/destination-rule.ts";
import { allowedDestinations } from "../src/destinations.ts";
import { type Destination, type Harness, startDestination, startGateway, until } from "./push-harness.ts";

/** What a gateway that is not on loopback is told. */
function allowing(destinations: string, others: Readonly<Record<string, string>> = {}): Allow {
  const variables: Readonly<Record<string, string>> = { ...others, UMBEL_DESTINATIONS: destinations };
  return allowedDestinations((name) => variables[name], "0.0.0.0");
}

function v4(...addresses: readonly string[]): readonly LookupAddress[] {
  return addresses.map((address) => ({ address, family: 4 }));
}

function portOf({ url }: Destination): string {
  return new URL(url).port;
}

/** Publishes, and says what became of it: the last answer's body, as the dead letter has it. */
async function fate({ client, log }: Harness, url: string): Promise<string> {
  const before = log.length;
  await client.publish({ url, retries: 0 });
  await until(() => log.length > before);
  return log.at(-1) ?? "";
}

const disguises = [
  "http://127.0.0.1/",
  "http://127.0.0.1./",
  "http://2130706433/",
  "http://0x7f000001/",
  "http://0x7f.1/",
  "http://0177.0.0.1/",
  "http://127.1/",
  "http://0/",
  "http://①②⑦.⓪.⓪.①/",
  "http://%31%32%37.0.0.1/",
  "http://worker.example@127.0.0.1/",
  "http://worker.example:80@127.0.0.1/",
  "http://127.0.0.1\\@worker.example/",
  "http://[::1]/",
  "http://[::]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:a00:1]/",
  "http://[::127.0.0.1]/",
  "http://[64:ff9b::127.0.0.1]/",
  "http://[64:ff9b:1::a00:1]/",
  "http://[2002:7f00:1::]/",
  "http://[2001:0:7f00:1::]/",
  "http://[fe80::1]/",
  "http://[fec0::1]/",
  "http://[fd00:ec2::254]/",
  "http://[ff02::1]/",
  "http://169.254.169.254/latest/meta-data/",
  "http://0.0.0.0/",
  "http://10.0.0.1/",
  "http://172.31.255.255/",
  "http://192.168.1.1/",
  "http://100.64.0.1/",
  "http://198.18.0.1/",
  "http://224.0.0.1/",
  "http://255.255.255.255/",
];

describe("a gateway that may push to public addresses", () => {
  it.each(disguises)("does not take %s", async (url) => {
    const { call } = await startGateway({ allow: allowing("public") });

    const answer = await call("POST", "/v2/batch", { body: JSON.stringify([{ destination: url }]) });

    expect(await answer.json()).toEqual([{ error: expect.stringContaining("destination: this gateway may not push") }]);
  });

  it.each(["Upstash-Callback", "Upstash-Failure-Callback"])("does not take a private %s either", async (header) => {
    const { call } = await startGateway({ allow: allowing("public") });
    const item = { destination: "http://worker.example/", headers: { [header]: "http://127.0.0.1/" } };

    const answer = await call("POST", "/v2/batch", { body: JSON.stringify([item]) });

    expect(await answer.json()).toEqual([{ error: expect.stringContaining(`${header}: this gateway may not push`) }]);
  });

  it.each(["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://worker.example/", "javascript:1", "//127.0.0.1/"])(
    "does not take %s, which is not of HTTP",
    async (url) => {
      const { call } = await startGateway({ allow: allowing("public, any") });

      const answer = await call("POST", "/v2/batch", { body: JSON.stringify([{ destination: url }]) });

      expect(await answer.json()).toEqual([{ error: expect.stringMatching(/^destination: /) }]);
    },
  );

  it.each(["localhost", "LOCALHOST", "localhost.", "ip6-localhost"])(
    "connects to nothing here by the name %s",
    async (name) => {
      const destination = await startDestination();
      const gateway = await startGateway({ allow: allowing("public") });

      expect(await fate(gateway, `http://${name}:${portOf(destination)}/`)).toMatch(/may not push|ENOTFOUND|EAI_AGAIN/);
      expect(destination.arrivals).toEqual([]);
    },
  );

  it("takes names and public addresses", async () => {
    const { client } = await startGateway({ allow: allowing("public") });

    for (const url of ["https://worker.example/", "http://1.1.1.1/", "http://[2606:4700::1]:8443/"]) {
      await expect(client.publish({ url, delay: 60 })).resolves.toHaveProperty("messageId");
    }
  });
});

describe("a name", () => {
  it("that means a private address is not connected to, and nobody is told which", async () => {
    const destination = await startDestination();
    const gateway = await startGateway({ allow: allowing("public"), resolve: async () => v4("127.0.0.1") });

    const line = await fate(gateway, `http://worker.example:${portOf(destination)}/`);

    expect(line).toContain("This gateway may not push to the address of worker.example, given up");
    expect(line).not.toContain("127.0.0.1");
    expect(destination.arrivals).toEqual([]);
  });

  it("that means another address after it was judged gains nothing", async () => {
    const destination = await startDestination();
    const answers = [v4("127.0.0.2", "127.0.0.1"), v4("127.0.0.1"), v4("127.0.0.1", "127.0.0.2")];
    const port = await portThatOnly("127.0.0.2", destination);
    const gateway = await startGateway({ allow: allowing("127.0.0.2/32"), resolve: async () => answers.shift() ?? [] });
    const publish = (body: string): Promise<unknown> =>
      gateway.client.publish({ url: `http://worker.example:${port}/`, body, retries: 0 });

    await publish("allowed");
    await until(() => destination.arrivals.length === 1);
    expect(await fate(gateway, `http://worker.example:${port}/`)).toContain("may not push");
    await publish("allowed again");
    await until(() => destination.arrivals.length === 2);

    expect(destination.bodies()).toEqual(["allowed", "allowed again"]);
  });

  it("that the operator names may mean any address", async () => {
    const destination = await startDestination();
    const { client } = await startGateway({
      allow: allowing("*.internal.example"),
      resolve: async () => v4("127.0.0.1"),
    });

    await client.publish({ url: `http://worker.internal.example:${portOf(destination)}/` });
    await until(() => destination.arrivals.length === 1);

    await expect(client.publish({ url: "http://internal.example/" })).rejects.toThrow("may not push");
    await expect(client.publish({ url: "http://xinternal.example/" })).rejects.toThrow("may not push");
    await expect(client.publish({ url: "http://x.internal.example.evil.example/" })).rejects.toThrow("may not push");
  });
});

/** A port on which one address of this machine hands on to a destination, and no other address answers. */
async function portThatOnly(address: string, { url }: Destination): Promise<number> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void fetch(url, { method: "POST", body: Buffer.concat(chunks) }).then(() =>
        response.setHeader("connection", "close").end(),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, address, resolve);
  });
  onTestFinished(() => void server.close());
  const at = server.address();
  if (at === null || typeof at === "string") throw new TypeError("The server has no port");
  return at.port;
}

describe("an entry of UMBEL_DESTINATIONS", () => {
  it.each([
    ["any", "http://127.0.0.1/", true],
    ["any:443", "https://worker.example/", true],
    ["any:443", "http://worker.example/", false],
    ["https://any", "http://worker.example/", false],
    ["10.0.0.0/8", "http://10.9.8.7:81/", true],
    ["10.0.0.0/8", "http://[::ffff:10.9.8.7]/", true],
    ["10.0.0.0/8", "http://11.0.0.1/", false],
    ["10.0.0.0/8:8787", "http://10.0.0.1:8787/", true],
    ["10.0.0.0/8:8787", "http://10.0.0.1:22/", false],
    ["fd00::/8", "http://[fd12::1]/", true],
    ["fd00::/8", "http://[fe80::1]/", false],
    ["[fd00::1]:8787", "http://[fd00::1]:8787/", true],
    ["[fd00::1]:8787", "http://[fd00::1]/", false],
    ["http://[fd00::/8]:8787", "http://[fd00::1]:8787/", true],
    ["10.0.0.1", "http://167772161/", true],
    ["worker.example", "https://WORKER.example/", true],
    ["Worker.Example", "https://worker.example/", true],
    ["worker.example", "https://worker.example./", false],
    ["worker.example:8787", "http://worker.example:8787/", true],
    ["worker.example:8787", "http://worker.example:8788/", false],
    ["https://worker.example", "https://worker.example/", true],
    ["https://worker.example", "http://worker.example/", false],
    ["public, 10.0.0.1", "http://10.0.0.1/", true],
  ])("%s makes %s %s", (entry, url, isAllowed) => {
    expect(allowing(entry)(new URL(url))).toBe(isAllowed);
  });

  it.each([
    "http://",
    "*",
    "10.0.0.0/33",
    "10.0.0/8",
    "fd00::/129",
    "worker.example/path",
    "a b",
    "me:secret@a.example",
  ])("cannot be %j; the error says which and how, and repeats none", (entry) => {
    const read = (): Allow => allowing(`public,${entry}`);

    expect(read).toThrow(/^UMBEL_DESTINATIONS: entry 2 is none of any, public, a host .*10\.0\.0\.0\/8/);
    expect(read).not.toThrow(/secret/);
  });
});

describe("the default", () => {
  const workers = { UMBEL_WORKER_URL: "http://127.0.0.1:8787", UMBEL_QUEUES: '{"mail":"https://mail.example/base"}' };

  it("is anywhere in development on loopback", () => {
    const allow = allowedDestinations(() => undefined, "127.0.0.1");

    expect(allow(new URL("http://10.0.0.1/"))).toBe(true);
  });

  it.each([
    ["in production, on loopback too", "127.0.0.1", { NODE_ENV: "production" }],
    ["away from loopback", "0.0.0.0", {}],
  ])("is the workers' origins %s", (_where, hostname, others: Readonly<Record<string, string>>) => {
    const variables: Readonly<Record<string, string>> = { ...others, ...workers };
    const allow = allowedDestinations((name) => variables[name], hostname);
    const allowed = (...urls: readonly string[]): readonly boolean[] => urls.map((url) => allow(new URL(url)));

    expect(allowed("http://127.0.0.1:8787/q/default", "https://mail.example/q/mail")).toEqual([true, true]);
    expect(allowed("http://127.0.0.1:8788/", "http://mail.example/", "https://other.example/")).toEqual([
      false,
      false,
      false,
    ]);
    expect(() => allowedDestinations((name) => others[name], hostname)).toThrow(
      /UMBEL_WORKER_URL is not set.*UMBEL_QUEUES.*UMBEL_DESTINATIONS/,
    );
  });
});

it("a redirection is not followed", async () => {
  const inside = await startDestination();
  const outside = await startDestination((_arrival, response) => {
    response.writeHead(307, { location: inside.url }).end();
  });
  const gateway = await startGateway();

  expect(await fate(gateway, outside.url)).toContain("status 307, given up");
  expect(inside.arrivals).toEqual([]);
});

it("a message that was kept is not delivered where the gateway may not push any more", async () => {
  const directory = mkdtempSync(join(tmpdir(), "umbel-gateway-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const database = join(directory, "gateway.db");
  const destination = await startDestination();
  const first = await startGateway({ database });
  await first.client.publish({ url: destination.url, delay: 60, retries: 0 });
  await first.stop();

  const { log, advance } = await startGateway({ database, allow: allowing("public") });
  advance(61);
  await until(() => log.length === 1);

  expect(log[0]).toContain(`may not push to ${destination.url}, given up`);
  expect(destination.arrivals).toEqual([]);
});
