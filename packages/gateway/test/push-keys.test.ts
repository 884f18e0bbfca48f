import { Receiver } from "@upstash/qstash";
import { expect, it } from "vitest";

import { developmentSigningKeys, developmentToken } from "../src/push/development-keys.ts";
import { startDestination, startGateway, token, until } from "./push-harness.ts";

it("keys are rotated: the next becomes the current, and receivers with the old pair still verify", async () => {
  const destination = await startDestination();
  const { client, call } = await startGateway({ clock: "real" });
  const keys: unknown = await (await call("GET", "/v2/keys")).json();

  const rotated: Record<"current" | "next", string> = await (await call("POST", "/v2/keys/rotate")).json();
  await client.publish({ url: destination.url, body: "x" });
  await until(() => destination.arrivals.length === 1);

  expect(keys).toEqual({ current: "sig_current", next: "sig_next" });
  expect(rotated).toEqual({ current: "sig_next", next: expect.stringMatching(/^sig_[\w-]{28}$/) });
  const signature = String(destination.arrivals[0]?.headers["upstash-signature"]);
  const old = new Receiver({ currentSigningKey: "sig_current", nextSigningKey: "sig_next" });
  const fresh = new Receiver({ currentSigningKey: rotated.current, nextSigningKey: rotated.next });
  const stranger = new Receiver({ currentSigningKey: "sig_current", nextSigningKey: "sig_other" });
  expect(await old.verify({ signature, body: "x" })).toBe(true);
  expect(await fresh.verify({ signature, body: "x" })).toBe(true);
  await expect(stranger.verify({ signature, body: "x" })).rejects.toThrow("signature");
});

it("keys are rotated in the midst of pushes, and none is lost before the worker has the new ones, nor after", async () => {
  const sum = { accepted: 0, refused: 0 };
  let worker = new Receiver({ currentSigningKey: "sig_current", nextSigningKey: "sig_next" });
  const held: (() => void)[] = [];
  const destination = await startDestination((arrival, response) => {
    const signature = String(arrival.headers["upstash-signature"]);
    const judge = async (): Promise<void> => {
      const isOurs = await worker.verify({ signature, body: arrival.body }).catch(() => false);
      sum[isOurs ? "accepted" : "refused"] += 1;
      response.writeHead(isOurs ? 200 : 401).end();
    };
    // Some are judged only after the rotation, of which the worker has not heard yet.
    if (arrival.body.startsWith("held")) held.push(() => void judge());
    else void judge();
  });
  const { client, call } = await startGateway({ clock: "real" });
  const publish = (body: string): Promise<unknown> =>
    client.batch(Array.from({ length: 20 }, (_, n) => ({ url: destination.url, body: `${body} ${n}`, retries: 0 })));

  await publish("held");
  await until(() => held.length === 20);
  const during = publish("during");
  const rotated: Record<"current" | "next", string> = await (await call("POST", "/v2/keys/rotate")).json();
  await during;
  for (const judge of held) judge();
  await publish("after");
  await until(() => sum.accepted + sum.refused === 60);
  worker = new Receiver({ currentSigningKey: rotated.current, nextSigningKey: rotated.next });
  await publish("with the new keys");
  await until(() => sum.accepted + sum.refused === 80);

  expect(sum).toEqual({ accepted: 80, refused: 0 });
});

it("keys that are rotated twice at once go on by two", async () => {
  const { gateway, call } = await startGateway();
  const init = { method: "POST", headers: { Authorization: `Bearer ${token}` } };
  // Not over HTTP, so that both come before the first is on the disk.
  const rotate = async (): Promise<Record<"current" | "next", string>> =>
    (await gateway.app.request("/v2/keys/rotate", init)).json();

  const [first, second] = await Promise.all([rotate(), rotate()]);

  expect(first.current).toBe("sig_next");
  expect(second.current).toBe(first.next);
  expect(await (await call("GET", "/v2/keys")).json()).toEqual(second);
});

it("neither token nor keys are in the log, nor in an error", async () => {
  const { call, log, gateway } = await startGateway({ newId: () => "same" });
  const path = "/v2/publish/http://user:password@127.0.0.1:9/?key=in-the-url";
  const headers = { "Upstash-Forward-Authorization": "Bearer of-the-publisher", "Upstash-Retry-Delay": "1000" };
  await call("POST", path, { headers });
  await until(() => log.length === 1);
  // Its id exists: the database refuses it.
  const failed = await call("POST", path, { headers });

  expect(failed.status).toBe(500);
  const said = [...log, await failed.text()].join("\n");
  const secrets = [
    "secret-token",
    gateway.signingKeys().current,
    gateway.signingKeys().next,
    "of-the-publisher",
    "password",
    "in-the-url",
  ];
  expect(said).toMatch(/retry 1 of 3 in 1 s.+UNIQUE constraint failed/s);
  for (const secret of secrets) expect(said).not.toContain(secret);
});

it("the development credentials are those that the official client has", async () => {
  expect(JSON.parse(atob(developmentToken))).toEqual({ UserID: "defaultUser", Password: "defaultPassword" });
  expect(Object.values(developmentSigningKeys).every((key) => /^sig_\w{28}$/.test(key))).toBe(true);
});
