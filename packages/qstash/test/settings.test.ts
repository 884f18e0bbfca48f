import { qstash, withPushes } from "@umbel/qstash";
import { describe, expect, it } from "vitest";
import { signatureOf } from "./jwt.ts";

const production = {
  NODE_ENV: "production",
  QSTASH_URL: "https://qstash.upstash.io",
  QSTASH_TOKEN: "token",
  QSTASH_CURRENT_SIGNING_KEY: "sig_current",
  QSTASH_NEXT_SIGNING_KEY: "sig_next",
  UMBEL_WORKER_URL: "https://worker.test",
};
const url = "https://worker.test/q/default";
const body = '{"v":1}';

describe("settings", () => {
  it.each(["QSTASH_URL", "QSTASH_TOKEN", "UMBEL_WORKER_URL"])("are incomplete in production without %s", (setting) => {
    const connect = () => qstash()(variables({ ...production, [setting]: "" }));

    expect(connect).toThrow(expect.objectContaining({ code: "MISSING_SETTING", setting }));
  });

  it.each(["QSTASH_CURRENT_SIGNING_KEY", "QSTASH_NEXT_SIGNING_KEY"])(
    "are incomplete without %s only for who receives pushes",
    async (setting) => {
      const broker = withPushes(qstash()(variables({ ...production, [setting]: "" })));

      const verifying = broker.verify({ headers: { "upstash-signature": "x" }, body, urls: [url], isLocal: true });

      await expect(verifying).rejects.toMatchObject({ code: "MISSING_SETTING", setting });
    },
  );

  it("are not needed at all in development", () => {
    expect(() => qstash()(variables({}))).not.toThrow();
  });

  it.each([
    { QSTASH_TOKEN: "my own", missing: "QSTASH_URL" },
    { QSTASH_URL: "https://qstash.upstash.io", missing: "QSTASH_TOKEN" },
    { QSTASH_URL: "https://127.example.com", missing: "QSTASH_TOKEN" },
  ])("never mix an account of one's own with development values: without $missing", ({ missing, ...settings }) => {
    expect(() => qstash()(variables(settings))).toThrow(expect.objectContaining({ setting: missing }));
  });

  it("say why the development address is not used when only a token is set", () => {
    expect(() => qstash()(variables({ QSTASH_TOKEN: "my own" }))).toThrow(
      /^QSTASH_URL is not set: .* because QSTASH_TOKEN is set$/,
    );
  });

  it("of the program win over the environment", async () => {
    const own = { currentSigningKey: "sig_own", nextSigningKey: "sig_own_next" };
    const broker = withPushes(qstash(own)(variables(production)));
    const signed = (key: string) => broker.verify(push(key));

    await expect(signed("sig_own")).resolves.toBeUndefined();
    await expect(signed("sig_current")).rejects.toMatchObject({ code: "SIGNATURE" });
  });

  it.each(["no url", "redis://qstash.test"])("are refused when QSTASH_URL is %s", (text) => {
    expect(() => qstash()(variables({ ...production, QSTASH_URL: text }))).toThrow(/QSTASH_URL/);
  });
});

describe("verify", () => {
  const broker = withPushes(qstash()(variables(production)));

  it.each(["sig_current", "sig_next"])("accepts what is signed with %s", async (key) => {
    await expect(broker.verify(push(key))).resolves.toBeUndefined();
  });

  it("accepts the public keys in development", async () => {
    const development = withPushes(qstash()(variables({})));

    await expect(development.verify(push("sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r"))).resolves.toBeUndefined();
    await expect(development.verify(push("sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"))).resolves.toBeUndefined();
    await expect(broker.verify(push("sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r"))).rejects.toMatchObject({ code: "SIGNATURE" });
  });

  it("refuses the public keys from another machine, and where nobody says from which", async () => {
    const development = withPushes(qstash()(variables({})));
    const signed = push("sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r");
    const { isLocal: _, ...unsaid } = signed;

    await expect(development.verify({ ...signed, isLocal: false })).rejects.toMatchObject({ code: "SIGNATURE" });
    // @ts-expect-error: the type asks for it; a program without types may still leave it out
    await expect(development.verify(unsaid)).rejects.toMatchObject({ code: "SIGNATURE" });
  });

  it("refuses any other key", async () => {
    await expect(broker.verify(push("sig_other"))).rejects.toMatchObject({ code: "SIGNATURE" });
  });

  it("refuses a signature whose life is over", async () => {
    const signature = signatureOf({ key: "sig_current", url, body, issuedAt: Date.now() / 1000 - 301 });

    const verifying = broker.verify({ headers: { "upstash-signature": signature }, body, urls: [url], isLocal: true });

    await expect(verifying).rejects.toMatchObject({ code: "SIGNATURE" });
  });

  it.each(["sig_current", "sig_next"])(
    "asks for the clock, not for the keys, when %s fits and its time is over",
    async (key) => {
      const signature = signatureOf({ key, url, body, issuedAt: Date.now() / 1000 - 3600 });

      const verifying = broker.verify({
        headers: { "upstash-signature": signature },
        body,
        urls: [url],
        isLocal: true,
      });

      await expect(verifying).rejects.toThrow(
        /: "exp" claim timestamp check failed\. The keys are right: is this machine's clock, or the broker's, wrong by minutes\?$/,
      );
    },
  );

  it("names the URL that was signed and the ones that would do", async () => {
    const urls = ["https://a.test/q/x", "https://b.test/q/x"];

    const verifying = broker.verify({ ...push("sig_current"), urls });

    await expect(verifying).rejects.toThrow(/a\.test\/q\/x or .*b\.test\/q\/x.*worker\.test\/q\/default/);
  });
});

function push(key: string) {
  return { headers: { "upstash-signature": signatureOf({ key, url, body }) }, body, urls: [url], isLocal: true };
}

function variables(values: Readonly<Record<string, string>>) {
  return (name: string): string | undefined => values[name];
}
