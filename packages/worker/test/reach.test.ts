import { describe, expect, it } from "vitest";
import { reachedBy } from "../src/reach.ts";

const nothing = (): undefined => undefined;

describe("where a request has reached an endpoint", () => {
  it.each([
    ["https://shop.example/q/default", "https://shop.example"],
    ["https://shop.example/tasks/q/slow%20ones", "https://shop.example/tasks"],
    ["https://shop.example/tasks/failed", "https://shop.example/tasks"],
    ["https://shop.example/q/failed", "https://shop.example"],
    ["https://shop.example/", "https://shop.example"],
    ["https://shop.example/tasks", "https://shop.example/tasks"],
    ["https://shop.example/q/default?token=secret", "https://shop.example"],
  ])("%s is at %s", (url, base) => {
    expect(reachedBy(new Request(url), nothing)).toEqual({ url: base });
  });

  it("is below the public address, where that is known", () => {
    const request = new Request("http://10.0.0.7:8787/q/default");

    expect(reachedBy(request, nothing, "https://shop.example/tasks")).toEqual({ url: "https://shop.example/tasks" });
  });

  it.each(["VERCEL_REGION", "DENO_REGION", "FLY_REGION"])("is in the region that %s says", (name) => {
    const environment = (asked: string) => (asked === name ? "fra1" : undefined);

    expect(reachedBy(new Request("https://shop.example/q/a"), environment).region).toBe("fra1");
  });

  it("is in Cloudflare's data centre that the request says", () => {
    const request = Object.assign(new Request("https://shop.example/q/a"), { cf: { colo: "AMS" } });

    expect(reachedBy(request, nothing).region).toBe("AMS");
  });
});
