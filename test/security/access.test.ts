/** What the results API tells whom, and what browsers and caches may do with it. */

import { Hono } from "hono";
import { BackendUnavailable, BrokerUnavailable } from "umbel";
import { results } from "umbel/results";
import { describe, expect, it } from "vitest";
import { world } from "../flow/world.ts";
import { secret } from "./secrets.ts";

const headers = { authorization: `Bearer ${secret}` };

function openDesk() {
  const home = world({ env: { UMBEL_RESULTS_TOKEN: secret }, taskPublishRetry: false });
  home.app.task("shop.add", (x: number, y: number) => x + y);
  const web = new Hono().route("/tasks", results(home.app));
  const post = async (body: string) => await web.request("/tasks/shop.add", { method: "POST", headers, body });
  return { ...home, web, post };
}

describe("an answer of the results API", () => {
  it("is kept by no cache, taken for no page, and readable by no other origin", async () => {
    const { web, post } = openDesk();
    const asked = { ...headers, origin: "https://evil.example" };

    const responses = [
      await post('{"args":[1,2]}'),
      await post("{"),
      await web.request("/tasks/a", { headers: asked }),
      await web.request("/tasks/a"),
      await web.request("/tasks/a/stream", { headers: asked }),
    ];

    expect(responses.map(({ status }) => status)).toEqual([202, 400, 200, 401, 200]);
    for (const response of responses) {
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
      await response.body?.cancel();
    }
  });

  it("allows no preflight, so that no page of another origin can use a token", async () => {
    const { web } = openDesk();
    const preflight = { origin: "https://evil.example", "access-control-request-method": "POST" };

    const response = await web.request("/tasks/shop.add", { method: "OPTIONS", headers: preflight });

    expect(response.status).toBe(404);
    expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("names neither our addresses nor our troubles; the log does", async () => {
    const { web, post, ports, lines } = openDesk();
    ports.before("publish", () => {
      throw new BrokerUnavailable("qstash: no answer from http://10.0.0.7:8080");
    });
    ports.before("read", () => {
      throw new BackendUnavailable("upstash-redis: connect ECONNREFUSED 10.0.0.8:8079");
    });

    const answers = [await post('{"args":[1,2]}'), await web.request("/tasks/a", { headers })];

    for (const response of answers) {
      expect(response.status).toBe(503);
      expect(await response.text()).not.toMatch(/10\.0\.0/);
    }
    expect(lines.map(({ message }) => message)).toEqual([
      expect.stringContaining("http://10.0.0.7:8080"),
      expect.stringContaining("10.0.0.8:8079"),
    ]);
  });
});
