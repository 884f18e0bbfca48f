/** The numbers over HTTP. */

import { Counter, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { metricsEndpoint } from "../src/index.ts";

function ask(init: RequestInit = {}): Request {
  return new Request("http://worker.example/metrics", init);
}

const register = new Registry();
new Counter({ name: "shop_orders_total", help: "Orders.", registers: [register] }).inc();

describe("the endpoint", () => {
  it("answers in Prometheus's format", async () => {
    const response = await metricsEndpoint(register)(ask());

    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await response.text()).toContain("shop_orders_total 1");
  });

  it("answers whoever has its token, if it has one", async () => {
    const endpoint = metricsEndpoint(register, { token: "secret" });
    const statusOf = async (authorization: string) => (await endpoint(ask({ headers: { authorization } }))).status;

    expect((await endpoint(ask())).status).toBe(401);
    expect(await statusOf("Bearer other")).toBe(401);
    expect(await statusOf("secret")).toBe(401);
    expect(await statusOf("Bearer secret")).toBe(200);
  });

  it("is not open because a secret was forgotten", () => {
    expect(() => metricsEndpoint(register, { token: "" })).toThrow("leave the option out");
  });

  it("is read, and nothing else", async () => {
    const endpoint = metricsEndpoint(register);

    expect((await endpoint(ask({ method: "POST" }))).status).toBe(405);
    expect(await (await endpoint(ask({ method: "HEAD" }))).text()).toBe("");
  });
});
