/** Results over HTTP before strangers, and before callers who have the token and send nonsense. */

import * as fc from "fast-check";
import { Hono } from "hono";
import { results } from "umbel/results";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { type World, world } from "../flow/world.ts";
import { poll } from "../running-program.ts";
import { faultsIn } from "./faults.ts";
import { assertUnpolluted, hostileName, hostileText, mutationsOf, runs, trickyNames } from "./hostile.ts";
import { secret } from "./secrets.ts";

/** Stands for what another caller's task has returned. */
const treasure = "TREASURE-OF-ANOTHER-CALL";

const bodies = [
  { args: [1, 2] },
  { args: [1], kwargs: { y: 2 }, countdown: "1m", expires: 3600 },
  { args: [{ url: "https://a.test", deep: [[{ a: null }]] }], countdown: 0.5 },
].map((body) => JSON.stringify(body));

/** A web app whose results need the secret, with one result in the store that is nobody's business. */
async function openDesk() {
  const home = world({ env: { UMBEL_RESULTS_TOKEN: secret } });
  const web = new Hono().route("/tasks", results(home.app));
  const add = home.app.task({ name: "shop.add", params: ["x", "y"] }, (x: number, y: number) => x + y);
  home.app.task({ name: "shop.visit", args: z.tuple([z.object({ url: z.url() })]) }, ({ url }: { url: string }) => url);
  const hide = home.app.task("shop.hide", () => treasure);
  const hidden = await hide.delay();
  await home.drain();
  return { ...home, web, add, hidden: hidden.id };
}

const answers = { good: [200, 202], bad: [400, 401, 404, 413] };

describe("the results API", () => {
  it("answers whatever is posted with the token, and goes on enqueueing", async () => {
    const desk = await openDesk();
    const name = fc.oneof(fc.constantFrom("shop.add", "shop.visit"), fc.constantFrom(...trickyNames).map(pathPart));
    const body = fc.oneof({ weight: 1, arbitrary: hostileText }, { weight: 3, arbitrary: mutationsOf(bodies) });

    await fc.assert(
      fc.asyncProperty(name, body, async (task, text) => {
        const headers = { authorization: `Bearer ${secret}` };
        const response = await desk.web.request(`/tasks/${task}`, { method: "POST", headers, body: text });

        // A router's own 404, for a name that is no part of a path, is not ours to word.
        const isRouted = response.headers.get("content-type") !== "text/plain; charset=UTF-8";
        expect(isRouted ? await faultsIn(response, answers) : []).toEqual([]);
        assertUnpolluted();
      }),
      { numRuns: runs },
    );
    await desk.finish();
    expect(desk.answers.filter((answer) => answer.startsWith("5"))).toEqual([]);
  });

  it("shows a stranger nothing, whatever the address, the method and the headers", async () => {
    const desk = await openDesk();
    const part = fc.oneof(fc.constantFrom(desk.hidden, "shop.add", "stream"), hostileName.map(pathPart));
    const path = fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), hostileQuery())
      .map(([parts, query]) => `${parts.join("/")}?${query}`);
    const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH");

    await fc.assert(
      fc.asyncProperty(path, method, hostileHeaders(), async (each, verb, headers) => {
        const before = desk.broker.waiting.length;
        const body = verb === "GET" || verb === "HEAD" ? {} : { body: bodies[0] ?? "" };

        const response = await desk.web.request(`/tasks/${each}`, { method: verb, headers, ...body });

        const text = await response.text();
        expect([401, 404]).toContain(response.status);
        expect(text).not.toContain(treasure);
        expect(text).not.toContain(secret);
        expect(response.headers.get("access-control-allow-origin")).toBeNull();
        expect(desk.broker.waiting).toHaveLength(before);
      }),
      { numRuns: runs },
    );
  });

  it("answers whoever has the token for any id, wait and stream, and shows one call at a time", async () => {
    const desk = await openDesk();
    const wait = fc.constantFrom("", "0", "-1", "NaN", "Infinity", "-Infinity", "1e-9", "0x10", "[]", "null", "\u0000");

    await fc.assert(
      fc.asyncProperty(hostileName, wait, fc.boolean(), async (id, seconds, isStream) => {
        const left = new AbortController();
        const path = `/tasks/${pathPart(id)}${isStream ? "/stream" : ""}?wait=${encodeURIComponent(seconds)}`;
        const answered = desk.web.request(path, {
          headers: { authorization: `Bearer ${secret}` },
          signal: left.signal,
        });
        const response = await patiently(desk.clock, answered);
        const text = isStream ? await firstOf(response) : await response.text();
        left.abort();

        expect([200, 400, 404]).toContain(response.status);
        expect(text).not.toContain(treasure);
        assertUnpolluted();
      }),
      { numRuns: runs === 300 ? 100 : 500 },
    );
  });
});

describe("a signed link", () => {
  it("cannot be forged, prolonged or moved to another call", async () => {
    const desk = await openDesk();
    const headers = { authorization: `Bearer ${secret}` };
    const call = { method: "POST", headers, body: bodies[0] ?? "" };
    const own: unknown = await (await desk.web.request("/tasks/shop.add", call)).json();
    const { id, links } = z.parse(z.object({ id: z.string(), links: z.object({ self: z.string() }) }), own);
    const link = new URL(links.self, "http://localhost");
    const good = {
      id,
      expires: link.searchParams.get("expires") ?? "",
      signature: link.searchParams.get("signature") ?? "",
    };

    await fc.assert(
      fc.asyncProperty(forgeryOf(good, desk.hidden), async (forged) => {
        const query = new URLSearchParams({ expires: forged.expires, signature: forged.signature });
        const response = await desk.web.request(`/tasks/${pathPart(forged.id)}?${query.toString()}`);

        const isSame = forged.id === good.id && Number(forged.expires) === Number(good.expires);
        expect(response.status === 200).toBe(isSame && forged.signature === good.signature);
        expect(await response.text()).not.toContain(treasure);
      }),
      { numRuns: runs },
    );
    expect((await desk.web.request(links.self)).status).toBe(200);
  });
});

interface Granted {
  readonly id: string;
  readonly expires: string;
  readonly signature: string;
}

/** A link with one to three of its parts changed, also so that parts together read as before. */
function forgeryOf(good: Granted, other: string): fc.Arbitrary<Granted> {
  const later = String(Number(good.expires) + 1000);
  const expires = fc.constantFrom(
    good.expires,
    later,
    `${good.expires}0`,
    ` ${good.expires}`,
    `+${good.expires}`,
    `${good.expires}.0`,
    "1e99",
    "Infinity",
    "",
    "NaN",
    `${good.expires}\n${good.id}`,
  );
  const id = fc.oneof(
    fc.constantFrom(good.id, other, `${good.id}\n`, `\n${good.id}`, good.id.toUpperCase(), `${good.id}/`),
    hostileName,
  );
  const { signature } = good;
  const flipped = fc
    .nat(63)
    .map((at) => signature.slice(0, at) + (signature[at] === "0" ? "1" : "0") + signature.slice(at + 1));
  const any = fc.oneof(
    fc.constantFrom(
      signature,
      signature.toUpperCase(),
      signature.slice(0, 63),
      `${signature}0`,
      ` ${signature}`,
      "",
      "0".repeat(64),
    ),
    flipped,
    fc.stringMatching(/^[0-9a-f]{64}$/),
  );
  return fc.record({ id, expires, signature: any });
}

function hostileQuery(): fc.Arbitrary<string> {
  const name = fc.constantFrom("expires", "signature", "wait", "token", "access_token", "__proto__", "constructor");
  const value = fc.oneof(
    fc.constantFrom("1e99", "Infinity", "", "0".repeat(64), "umbel-dev", "true"),
    hostileName.filter((text) => text.isWellFormed()),
  );
  return fc.array(fc.tuple(name, value), { maxLength: 4 }).map((pairs) => new URLSearchParams(pairs).toString());
}

/** Headers of somebody who does not have the token, but nearly. */
function hostileHeaders(): fc.Arbitrary<Record<string, string>> {
  const basic = Buffer.from(`umbel:${secret}`).toString("base64");
  const near = [secret.slice(0, -1), `${secret}x`, secret.toLowerCase(), `"${secret}"`, ` ${secret}x`, `${secret},x`];
  const authorizations = fc.constantFrom(
    "",
    "Bearer",
    "Bearer ",
    secret,
    `Basic ${basic}`,
    `Token ${secret}`,
    `Bearer: ${secret}`,
    `Bearer\t${secret}`,
    "Bearer umbel-dev",
    "Bearer undefined",
    "Bearer null",
    `Bearer ${"x".repeat(20_000)}`,
    ...near.map((token) => `Bearer ${token}`),
  );
  return authorizations.map((authorization) => ({ authorization, "x-http-method-override": "POST" }));
}

/** Moves the clock until there is an answer. Signatures are checked in another thread, which the clock does not move. */
async function patiently(clock: World["clock"], answered: Response | Promise<Response>): Promise<Response> {
  const wait = { isOver: false };
  const answer = Promise.resolve(answered).finally(() => void (wait.isOver = true));
  await poll(60, async () => {
    if (!wait.isOver) await clock.advance(5);
    return wait.isOver;
  });
  return await answer;
}

async function firstOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const chunk = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(chunk?.value);
}

function pathPart(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : "%ED%A0%80%";
}
