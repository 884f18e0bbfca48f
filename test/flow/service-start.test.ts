/** Semantics 5.2: what is told when an application begins to be served, once, and before anything is. */

import { Umbel } from "umbel";
import { beat } from "umbel/beat";
import { memoryBackend, memoryBroker } from "umbel/memory";
import { worker } from "umbel/worker";
import { describe, expect, it } from "vitest";

/** An application with both ports, and a list of what it tells of its beginning. */
function beginning() {
  const heard: string[] = [];
  const lines: string[] = [];
  const app = new Umbel("shop", {
    broker: memoryBroker(),
    backend: memoryBackend(),
    log: ({ message }) => void lines.push(message),
  });
  const { workerInit, workerReady, beatInit } = app.signals;
  app.onAfterConfigure.connect(({ sender, source }) =>
    heard.push(`configured ${sender === app && source === app.conf}`),
  );
  app.onAfterFinalize.connect(({ tasks }) => heard.push(`finalized ${tasks.join()}`));
  workerInit.connect(({ sender, app: name }) => heard.push(`init ${name} ${JSON.stringify(sender)}`));
  workerReady.connect(({ sender }) => heard.push(`ready ${JSON.stringify(sender)}`));
  beatInit.connect(({ sender }) => heard.push(`beat ${JSON.stringify(sender)}`));
  return { app, heard, lines };
}

describe("the beginning of a worker", () => {
  it("is told before its first request is served, in Celery's order, and once", async () => {
    const { app, heard } = beginning();
    const endpoint = worker(app, { hostname: "edge@shop" });
    app.task("shop.add", (x: number, y: number) => x + y);
    expect(heard).toEqual([]);

    await Promise.all([endpoint.request("/"), endpoint.request("/"), worker(app).request("/")]);
    await endpoint.request("/q/default", { method: "POST" });

    expect(heard).toEqual(["configured true", "finalized shop.add", 'init shop "edge@shop"', 'ready "edge@shop"']);
  });

  it("waits for its receivers, and for none that throws", async () => {
    const { app, heard, lines } = beginning();
    app.signals.workerInit.connect(() => {
      throw new Error("not today");
    });
    app.signals.workerInit.connect(async () => {
      await new Promise((resolve) => void setImmediate(resolve));
      heard.push("late");
    });

    const response = await worker(app).request("/");

    expect(response.status).toBe(200);
    expect(heard.slice(-2)).toEqual(["late", 'ready "worker@shop"']);
    expect(lines).toEqual(["A receiver of worker_init threw: Error: not today"]);
  });
});

describe("the beginning of beat", () => {
  it.each([
    { how: "a request", start: async (endpoint: ReturnType<typeof beat>) => void (await endpoint.request("/")) },
    { how: "a tick without one", start: async (endpoint: ReturnType<typeof beat>) => void (await endpoint.tick()) },
    {
      how: "a platform's schedule",
      start: async (endpoint: ReturnType<typeof beat>) => await endpoint.scheduled({}, {}),
    },
  ])("is told before $how is served, and once", async ({ start }) => {
    const { app, heard } = beginning();
    const endpoint = beat(app, {});

    await start(endpoint);
    await start(endpoint);

    expect(heard).toEqual(["configured true", "finalized ", 'beat "shop"']);
  });

  it("shares the application's own with its worker", async () => {
    const { app, heard } = beginning();

    await beat(app, {}).request("/");
    await worker(app).request("/");

    expect(heard).toEqual([
      "configured true",
      "finalized ",
      'beat "shop"',
      'init shop "worker@shop"',
      'ready "worker@shop"',
    ]);
  });
});
