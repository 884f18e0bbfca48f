/** The worker app and the web app in Vercel's model of its Edge runtime, with a real gateway. */

import { expect, it, onTestFinished } from "vitest";
import { openGateway } from "../gateway.ts";
import { serveOnEdge } from "./edge-app.ts";
import { pollUntilReady, post } from "./web-client.ts";

it("on Vercel Edge a handler answers 202, the task is pushed to the worker there, and the page polls its result", async () => {
  const gateway = await openGateway();
  onTestFinished(async () => await gateway.close());
  const worker = await serveOnEdge("worker", () => gateway.variables);
  onTestFinished(async () => await worker.stop());
  const web = await serveOnEdge("web", () => ({ ...gateway.variables, UMBEL_WORKER_URL: worker.url }));
  onTestFinished(async () => await web.stop());

  const { status, links } = await post(`${web.url}/tasks/demo.stamp`, { args: [[]] });

  expect(status).toBe(202);
  const isolate = expect.stringMatching(/^[\da-f-]{36}$/);
  expect(await pollUntilReady(web.url + links.self)).toMatchObject({
    state: "SUCCESS",
    result: [{ runtime: "edge-light", process: isolate }],
  });
});
