/** docs/events.md's page in a browser shows what happens, to whoever its own server knows. */

import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { openGateway } from "../gateway.ts";
import { repository, runtimes, startProgram } from "../running-program.ts";
import { programsIn } from "./program-in.ts";

const chromium = "/usr/bin/chromium";
const hasChromium = spawnSync(chromium, ["--version"]).status === 0;

if (!hasChromium) {
  const advice = "Chromium is missing: apt-get install chromium";
  if (process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(advice);
  console.warn(`Skipped tests: ${advice}`);
}

const tasks = `import { Umbel } from "umbel";
import { upstash } from "umbel/upstash";
export const app = new Umbel("shop", { backend: upstash() });`;

const failing = `import { app } from "./tasks.ts";
await app.sendEvent("task-failed", { uuid: "one", exception: "ValueError('<b>no</b>')" });`;

/** Cuts what is silent for so many seconds. */
const servingFor = (idleTimeout: number) => `import watch from "./watch.ts";
export default { fetch: watch.fetch, port: 0, idleTimeout: ${idleTimeout} };`;

/** The page's server, with one failure to show. */
async function serveWatch(idleTimeout: number): Promise<string> {
  const gateway = await openGateway();
  onTestFinished(async () => await gateway.close());
  const watch = (await programsIn("docs/events.md")).findLast((each) => each.includes("EventSource")) ?? "";
  const folder = await mkdtemp(join(repository, "test/.program-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const files = { "tasks.ts": tasks, "watch.ts": watch, "failing.ts": failing, "serving.ts": servingFor(idleTimeout) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await startProgram([...runtimes.bun, join(folder, "failing.ts")], gateway.variables).endsWith(0);
  const server = startProgram([...runtimes.bun, join(folder, "serving.ts")], {
    ...gateway.variables,
    WATCH_PASSWORD: "known",
  });
  const [, port = ""] = await server.until(/server:.*:(\d+)/i);
  return `127.0.0.1:${port}`;
}

describe("the page that watches events", () => {
  it("is served to whom it knows, and so are the events, with the place to come back to", async () => {
    const host = await serveWatch(60);
    const events = `http://${host}/watch/events?type=task-failed&since=1h`;

    const stranger = await fetch(events);
    const known = await fetch(events, { headers: { authorization: `Basic ${btoa("team:known")}` } });
    const reader = known.body?.pipeThrough(new TextDecoderStream()).getReader();
    const { value = "" } = (await reader?.read()) ?? {};
    await reader?.cancel();

    expect([stranger.status, known.status]).toEqual([401, 200]);
    expect(value).toMatch(/^data: \{.*"uuid":"one".*\}\nid: \S+\n\n$/);
  });

  it.runIf(hasChromium)("shows in a browser what happens, letter by letter", async () => {
    const host = await serveWatch(1); // The browser's time stands still while it reads.
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=1500", "--dump-dom"];

    const { stdout } = await promisify(execFile)(chromium, [...flags, `http://team:known@${host}/watch`]);

    expect(stdout).toContain("<li>one ValueError('&lt;b&gt;no&lt;/b&gt;')</li>");
  });
});
