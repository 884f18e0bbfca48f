/** The account's keys beside one's own. */

import { accountKeys, qstash, withPushes } from "@umbel/qstash";
import { expect, it } from "vitest";
import { startRecorder } from "./recorder.ts";

const worker = "https://worker.test/api";

it.each([
  { own: ["a", "b"], standing: "same", when: "they are the account's" },
  { own: ["b", "a"], standing: "same", when: "they are the account's the other way round" },
  { own: ["z", "a"], standing: "old", when: "the account's were rotated once since" },
  { own: ["a", "z"], standing: "old", when: "the next one is another" },
  { own: ["y", "b"], standing: "foreign", when: "only the next one is the account's" },
  { own: ["y", "z"], standing: "foreign", when: "both are others" },
])("are told to be $standing when $when", async ({ own, standing }) => {
  const { broker } = await openAccount({ body: { current: "a", next: "b" } }, own);

  expect(await accountKeys(broker)).toMatchObject({ standing });
});

it("sign what a push's signature is asked for: this URL, without a body, for five minutes", async () => {
  const { broker, requests } = await openAccount({ body: { current: "a", next: "b" } }, ["a", "b"]);
  const keys = await accountKeys(broker);
  const signature = (await keys?.sign(worker, Date.now())) ?? "";
  const old = (await keys?.sign(worker, Date.now() - 301_000)) ?? "";
  const verify = async (upstash: string, url = worker, body = "") =>
    await withPushes(broker).verify({ headers: { "upstash-signature": upstash }, body, urls: [url], isLocal: false });

  await expect(verify(signature)).resolves.toBeUndefined();
  await expect(verify(signature, `${worker}/q/default`)).rejects.toThrow("invalid subject");
  await expect(verify(signature, worker, "{}")).rejects.toThrow("body hash does not match");
  await expect(verify(old)).rejects.toThrow('"exp" claim');
  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET /v2/keys"]);
});

it("are nobody's where the broker is another adapter's, and an error of ours where the account has none", async () => {
  const { broker } = await openAccount({ body: { keys: [] } }, ["a", "b"]);
  const refused = await openAccount({ status: 401, body: { error: "no" } }, ["a", "b"]);
  const other = { name: "other", traits: broker.traits, publish: async () => await Promise.resolve([]) };

  await expect(accountKeys(other)).resolves.toBeUndefined();
  await expect(accountKeys(broker)).rejects.toMatchObject({ code: "BROKER_REJECTED" });
  await expect(accountKeys(refused.broker)).rejects.toThrow("the token is wrong");
});

async function openAccount(answer: { readonly status?: number; readonly body: unknown }, own: readonly string[]) {
  const { url, requests } = await startRecorder(() => answer);
  const [currentSigningKey = "", nextSigningKey = ""] = own;
  const options = { url, token: "token", workerUrl: worker, currentSigningKey, nextSigningKey };
  return { broker: qstash(options)(() => undefined), requests };
}
