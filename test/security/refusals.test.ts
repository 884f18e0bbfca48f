/** A push that is refused: who is told why, how often, and what is never told. */

import { Hono } from "hono";
import { worker } from "umbel/worker";
import { describe, expect, it } from "vitest";
import { keys, origin, partsOf, pushTo, signedWith, verifyPushes } from "./signed-push.ts";

describe("a push that is refused", () => {
  it("is told of in one line that names the URL that was signed and the one that was called", async () => {
    const { ask, lines } = verifyPushes();
    const signature = signedWith(keys.current, { url: "https://old.example/q/default" });

    const response = await ask(pushTo("/q/default", { signature }));

    expect(response.status).toBe(401);
    expect(lines.map(({ level }) => level)).toEqual(["WARNING"]);
    expect(lines[0]?.message).toContain(`${origin}/q/default`);
    expect(lines[0]?.message).toContain("https://old.example/q/default");
    expect(await response.text()).toContain("https://old.example/q/default");
  });

  it.each([
    { what: "is not signed", says: /not signed \(no Upstash-Signature\)/, signature: undefined },
    { what: "has a signature that is none", says: /Invalid Compact JWS/, signature: "nonsense" },
    {
      what: "is signed with another key",
      says: /signature verification failed. Are QSTASH_CURRENT_SIGNING_KEY and/,
      signature: signedWith("sig_other"),
    },
    {
      what: "is signed with the current key and too late",
      says: /"exp" claim timestamp check failed/,
      signature: signedWith(keys.current, { age: 301 }),
    },
    {
      what: "is signed with the next key and too late",
      says: /"exp" claim timestamp check failed/,
      signature: signedWith(keys.next, { age: 301 }),
    },
    {
      what: "is signed for another body",
      says: /body hash does not match/,
      signature: signedWith(keys.current, { body: "another" }),
    },
  ])("says why when it $what, and never repeats the signature or a key", async ({ says, signature }) => {
    const { ask, lines } = verifyPushes();

    const response = await ask(pushTo("/q/default", signature === undefined ? {} : { signature }));

    const told = [...lines.map(({ message }) => message), await response.text()];
    expect(response.status).toBe(401);
    expect(lines[0]?.message).toMatch(says);
    for (const text of told) {
      for (const secret of [keys.current, keys.next, ...partsOf(signature)]) expect(text).not.toContain(secret);
    }
  });

  it("is foreseen by a health check that is signed as the push would be, and no log is told", async () => {
    const { ask, lines } = verifyPushes();
    const check = async (signature: string) =>
      await ask(new Request(origin, { headers: { "upstash-signature": signature } }));

    const good = await check(signedWith(keys.current, { url: origin, body: "" }));
    const foreign = await check(signedWith("sig_other", { url: origin, body: "" }));
    const push = await check(signedWith(keys.current, { body: "" }));

    expect([good.status, foreign.status, push.status]).toEqual([200, 401, 401]);
    expect(await foreign.json()).toMatchObject({
      code: "SIGNATURE",
      detail: expect.stringMatching(/signature verification failed/),
    });
    expect(await push.json()).toMatchObject({ detail: expect.stringMatching(/invalid subject: \S+\/q\/default/) });
    expect(lines).toEqual([]);
  });

  it.each([
    { inside: "http://10.0.0.7/umbel", called: "has its public path" },
    { inside: "http://10.0.0.7", called: "has lost its public path to a proxy" },
  ])("is foreseen so for a worker by its public address, where the request $called", async ({ inside }) => {
    const publicUrl = "https://shop.example/umbel";
    const web = new Hono().route(new URL(inside).pathname, worker(verifyPushes().app, { publicUrl }));
    const check = async (url: string) =>
      await web.request(inside, {
        headers: { "upstash-signature": signedWith(keys.current, { url, body: "" }) },
      });

    expect((await check(publicUrl)).status).toBe(200);
    expect((await check(inside)).status).toBe(401);
  });

  it("fills no log: ten lines a minute, none longer than a thousand characters, and then a number", async () => {
    const { ask, lines, clock } = verifyPushes();
    const flood = async () => {
      for (let times = 0; times < 250; times += 1) await ask(pushTo(`/q/${times}${"x".repeat(4000)}`, {}));
    };

    await flood();
    expect(lines).toHaveLength(10);
    clock.jump(clock.now() + 60_000);
    await flood();

    expect(lines).toHaveLength(21);
    expect(lines[10]?.message).toBe("240 more pushes were refused than were told of");
    expect(Math.max(...lines.map(({ message }) => message.length))).toBeLessThan(1100);
  });

  it("puts no line of its own into the log, whatever stands in its address", async () => {
    const { ask, lines } = verifyPushes();

    await ask(pushTo("/q/a%0A[2026-01-01: CRITICAL]%20forged%1B[31m", {}));
    await ask(
      pushTo("/q/default", { signature: signedWith(keys.current, { url: "https://a.example/\n[CRITICAL] forged" }) }),
    );

    for (const { message } of lines) expect(message).not.toMatch(/\p{Cc}/u);
  });
});

describe("the public development keys", () => {
  it.each([
    { what: "another machine, though it says localhost", peer: "203.0.113.9", status: 401 },
    { what: "this machine", peer: "127.0.0.1", status: 489 },
  ])("answer a push from $what with $status", async ({ peer, status }) => {
    const { ask } = verifyPushes({ development: true });

    const response = await ask(pushTo("/q/default", { signature: signedWith(keys.development) }), {
      incoming: { socket: { remoteAddress: peer } },
    });

    expect(response.status).toBe(status);
  });

  it("are warned of once when they let a push in, and never when there are others", async () => {
    const { ask, lines } = verifyPushes({ development: true });
    const own = verifyPushes();

    for (let times = 0; times < 3; times += 1) {
      await ask(pushTo("/q/default", { signature: signedWith(keys.development) }));
      await own.ask(pushTo("/q/default", { signature: signedWith(keys.current) }));
    }

    const warnings = (from: typeof lines) => from.filter(({ level }) => level === "WARNING");
    expect(warnings(lines).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^No signing keys of your own: .* NODE_ENV=production/),
    ]);
    expect(warnings(own.lines)).toEqual([]);
  });
});
