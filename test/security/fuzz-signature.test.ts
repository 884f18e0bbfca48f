/** Signatures of pushes: nobody without a key makes one, and none can be altered, moved or kept for later. */

import { memoryBroker } from "@umbel/memory";
import { qstash, withPushes } from "@umbel/qstash";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileName, hostileText, mutationsOf, runs } from "./hostile.ts";
import { keys, origin, signedWith } from "./signed-push.ts";

const url = `${origin}/q/default`;
const body = "no message";
const broker = withPushes(
  qstash({
    url: "http://127.0.0.1:1",
    token: "unused",
    currentSigningKey: keys.current,
    nextSigningKey: keys.next,
  })(() => undefined),
);

/** `SIGNATURE` when it is refused as it should be, `in` when it is let in. */
async function verdictOn(
  signature: string,
  about: { readonly url?: string; readonly body?: string } = {},
): Promise<unknown> {
  const headers = { "upstash-signature": signature };
  const push = { headers, body: about.body ?? body, urls: [about.url ?? url], isLocal: false };
  return await broker.verify(push).then(
    () => "in",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );
}

describe("QStash's signature", () => {
  it.each([keys.current, keys.next])("is good under key %s", async (key) => {
    expect(await verdictOn(signedWith(key))).toBe("in");
  });

  it("is good for its own body, address and time only", async () => {
    const good = signedWith(keys.current);

    expect(await verdictOn(good, { body: "another message" })).toBe("SIGNATURE");
    expect(await verdictOn(good, { url: `${origin}/failed` })).toBe("SIGNATURE");
    expect(await verdictOn(signedWith(keys.current, { age: 301 }))).toBe("SIGNATURE");
    expect(await verdictOn(signedWith(keys.current, { age: -301 }))).toBe("SIGNATURE");
  });

  it("cannot be made without a key", async () => {
    const claims = claimsOf(signedWith(keys.current));
    const header = fc.constantFrom(
      { alg: "none" },
      { alg: "HS256", typ: "JWT" },
      { alg: "hs256" },
      { alg: "RS256" },
      { alg: "HS256", jwk: { kty: "oct", k: "" } },
      { alg: "HS256", kid: "../../dev/null" },
      { alg: "HS256", b64: false, crit: ["b64"] },
      {},
    );
    const proof = fc.oneof(
      fc.constant(""),
      fc.base64String({ maxLength: 64 }),
      fc.constantFrom("", "undefined", "x").map((key) => key),
    );

    await fc.assert(
      fc.asyncProperty(header, mutationsOf([claims]), proof, async (head, payload, end) => {
        const parts = [JSON.stringify(head), payload].map((part) => Buffer.from(part).toString("base64url"));
        expect(await verdictOn(`${parts.join(".")}.${end}`)).toBe("SIGNATURE");
      }),
      { numRuns: runs },
    );
  });

  it("cannot be altered, and nothing else is taken for one", async () => {
    const good = signedWith(keys.current);
    const flipped = fc
      .tuple(fc.nat(good.length - 3), fc.constantFrom("A", "Z", "a", "z", "0", "9", "-", "_", ".", "="))
      .filter(([at, character]) => good[at] !== character);
    const altered = flipped.map(([at, character]) => good.slice(0, at) + character + good.slice(at + 1));
    const otherKey = hostileName
      .filter((key) => key !== keys.current && key !== keys.next)
      .map((key) => signedWith(key));

    await fc.assert(
      fc.asyncProperty(fc.oneof(altered, otherKey, hostileText), async (signature) => {
        expect(await verdictOn(signature)).toBe("SIGNATURE");
      }),
      { numRuns: runs },
    );
  });

  it("is refused when what it was to sign is not said, though the key is right", async () => {
    await fc.assert(
      fc.asyncProperty(mutationsOf([claimsOf(signedWith(keys.current))]), async (payload) => {
        const isWhole = payload === claimsOf(signedWith(keys.current));
        const verdict = await verdictOn(resigned(payload));
        const claims: unknown = parsed(payload);
        const isFor = typeof claims === "object" && claims !== null && Reflect.get(claims, "sub") === url;
        expect(verdict === "SIGNATURE" || isWhole || isFor).toBe(true);
      }),
      { numRuns: runs },
    );
  });
});

describe("the memory broker's signature", () => {
  it("cannot be guessed or altered", async () => {
    const memory = memoryBroker();

    await fc.assert(
      fc.asyncProperty(fc.oneof(hostileText, fc.stringMatching(/^[0-9a-f]{64}$/)), async (signature) => {
        const headers = { "umbel-signature": signature };
        const verifying = memory.verify({ headers, body, urls: [url], isLocal: true });
        await expect(verifying).rejects.toMatchObject({ code: "SIGNATURE" });
      }),
      { numRuns: runs },
    );
  });
});

function claimsOf(token: string): string {
  return Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
}

function resigned(payload: string): string {
  return signedWith(keys.current, {}, payload);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
