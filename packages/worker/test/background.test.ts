/** What keeps work going after an answer, on each kind of platform. */

import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { type Background, backgroundOf, type BackgroundOptions } from "../src/background.ts";

const work = Promise.resolve();

/** What an endpoint finds with this execution context. */
async function found(options: BackgroundOptions = {}, kept?: unknown[]): Promise<Background | undefined> {
  const backgrounds: (Background | undefined)[] = [];
  const hono = new Hono().get("/", (context) => {
    backgrounds.push(backgroundOf(context, options));
    return context.text("");
  });
  const context = { waitUntil: (promise: unknown) => void kept?.push(promise), passThroughOnException() {}, props: {} };
  await hono.fetch(new Request("http://127.0.0.1/"), {}, kept === undefined ? undefined : context);
  return backgrounds[0];
}

const vercel = Symbol.for("@vercel/request-context");
const { userAgent } = navigator;
afterEach(() => {
  Reflect.deleteProperty(globalThis, vercel);
  setUserAgent(userAgent);
});

function setUserAgent(value: string): void {
  Object.defineProperty(navigator, "userAgent", { value, configurable: true });
}

describe("work after an answer", () => {
  it("is kept by the execution context that came with the request", async () => {
    const kept: unknown[] = [];

    (await found({}, kept))?.keep(work);

    expect(kept).toEqual([work]);
  });

  it("is kept by what the endpoint was given, before all else", async () => {
    const kept: unknown[] = [];
    const own: unknown[] = [];

    (await found({ waitUntil: (promise) => void own.push(promise) }, kept))?.keep(work);

    expect([own, kept]).toEqual([[work], []]);
  });

  it("is kept by Vercel's request context, where there is one", async () => {
    const kept: unknown[] = [];
    const request = { waitUntil: (promise: unknown) => void kept.push(promise) };
    Reflect.set(globalThis, vercel, { get: () => request });

    (await found())?.keep(work);

    expect(kept).toEqual([work]);
  });

  it("goes on by itself where there is a process, without end", async () => {
    expect(await found()).toEqual({ keep: expect.any(Function), limit: Infinity });
  });

  it("is bounded on Cloudflare, and not possible there without a context", async () => {
    setUserAgent("Cloudflare-Workers");

    expect((await found({}, []))?.limit).toBe(30);
    expect(await found()).toBeUndefined();
  });

  it("is bounded by what the endpoint was told", async () => {
    expect((await found({ waitUntilLimit: "5m" }))?.limit).toBe(300);
    setUserAgent("Cloudflare-Workers");
    expect((await found({ waitUntilLimit: null }, []))?.limit).toBe(Infinity);
  });
});
