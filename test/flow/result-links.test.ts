import { Hono } from "hono";
import { resultLinks, results } from "umbel/results";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** A web app whose own handler sends a call, and hands out links to it. */
function shop() {
  const { app, finish, lines } = world();
  const boom = app.task("shop.boom", (): number => {
    throw new Error("out of stock");
  });
  const web = new Hono();
  web.onError((error, context) => context.text(error.message, 500));
  web.post("/orders", async (context) => {
    const order = await boom.delay();
    const links = await resultLinks(app, order.id, { base: "/tasks", context });
    return context.json({ id: order.id, links }, 202);
  });
  web.route("/tasks", results(app));
  const fetch = async (path: string, headers = {}) => await web.request(`http://localhost${path}`, { headers });
  const order = async (bindings = {}) => await web.request("http://localhost/orders", { method: "POST" }, bindings);
  const warnings = () => lines.filter(({ level }) => level === "WARNING").map(({ message }) => message);
  return { finish, fetch, order, warnings };
}

/** What Node's adapter hands over with a request, for somebody at an address. */
function from(address: string) {
  return { incoming: { socket: { remoteAddress: address } } };
}

describe("links to a call that a handler of one's own has sent", () => {
  it("let a page read that call without the token, but not its traceback", async () => {
    const { order, finish, fetch } = shop();
    const { links } = await (await order()).json();
    await finish();

    const view = await (await fetch(links.self)).json();

    expect(view).toMatchObject({ state: "FAILURE", error: { type: "Error", message: "out of stock" } });
    expect(view.error).not.toHaveProperty("traceback");
    expect(await (await fetch(links.stream)).text()).not.toContain("traceback");
  });

  it("shows the traceback to whoever has the token", async () => {
    const { order, finish, fetch } = shop();
    const { id } = await (await order()).json();
    await finish();

    const view = await (await fetch(`/tasks/${id}`, { authorization: "Bearer umbel-dev" })).json();

    expect(view.error.traceback).toContain("Error: out of stock");
  });

  it("are not signed with development's token for another machine, whatever host it asks for", async () => {
    const { order } = shop();
    const refused = await order(from("203.0.113.9"));

    expect(refused.status).toBe(500);
    expect(await refused.text()).toContain("UMBEL_RESULTS_TOKEN is not set");
    expect((await order(from("127.0.0.1"))).status).toBe(202);
  });

  it("are warned of once when development's token signs them", async () => {
    const { order, warnings } = shop();

    await order();
    await order();

    expect(warnings()).toEqual([expect.stringMatching(/^No UMBEL_RESULTS_TOKEN of your own: /)]);
  });

  it("open no other call", async () => {
    const { order, fetch } = shop();
    const { links, id } = await (await order()).json();

    expect((await fetch(links.self.replace(id, "another"))).status).toBe(401);
  });
});
