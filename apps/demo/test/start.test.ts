/**
 * The starter as a person meets it: real processes, real ports, real crashes.
 *
 * Each run looks for ports that are free, so it does not matter what else runs here.
 */

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { commandOf, descendantsOf } from "@umbel/test/process-table";
import { poll, type RunningProgram, runtimes, startProgram } from "@umbel/test/running-program";
import { readDocuments } from "../src/site/documents.ts";
import { repository } from "../src/repository.ts";

/** Milliseconds: a guard, for whole programs on a busy machine. */
const longest = 400_000;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "umbel-demo-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What a crawl of the site comes to: the documents, the home page and the unsteady one. */
async function expectedSummary(): Promise<string> {
  return `${(await readDocuments(repository)).size + 2} pages in `;
}

/** Starts the starter, its text files in a folder of the test's. */
function start(runtime: keyof typeof runtimes, ...args: readonly string[]): RunningProgram {
  return startProgram([...runtimes[runtime], "apps/demo/src/main.ts", "--out", join(folder, runtime), ...args]);
}

/** Ids of the four parts' processes, once they are there. */
async function partsOf(starter: RunningProgram): Promise<readonly number[]> {
  await starter.until(/Everything is up/);
  return descendantsOf(starter.pid);
}

function gatewayAmong(parts: readonly number[]): number {
  const found = parts.find((pid) => commandOf(pid).includes("apps/gateway/"));
  if (found === undefined) throw new Error("No part is the gateway");
  return found;
}

/** Those of the processes that still run, after some seconds to end in. */
async function leftOf(parts: readonly number[]): Promise<readonly string[]> {
  const running = () => parts.map(commandOf).filter((command) => command !== "");
  await poll(60, () => running().length === 0);
  return running();
}

describe.each(["bun", "node", "deno"] as const)("the demo on %s", (runtime) => {
  it(
    "visits each page once, shows a retry, a failure and a rejection, writes what it found, and ends with 0",
    async () => {
      const starter = start(runtime, "--once");
      const parts = await partsOf(starter);

      await starter.endsWith(0);

      expect(starter.output()).toContain(await expectedSummary());
      expect(starter.output()).toContain("2 retries,\n1 failed, 1 rejected, 0 left out");
      expect(starter.output()).toMatch(/worker +\| .*demo\.visit.*retry: Retry in 1s: TemporaryPageError/);
      expect(starter.output()).toMatch(/worker +\| .*demo\.visit.*raised expected: PageError.*404/);
      expect(starter.output()).toMatch(/worker +\| .*demo\.visit.*rejected: There is no host/);
      expect(await readdir(join(folder, runtime))).toEqual([expect.stringMatching(/^127/), "no-such-host.invalid.txt"]);
      expect(parts).toHaveLength(4);
      expect(await leftOf(parts)).toEqual([]);
    },
    longest,
  );
});

describe("the text file of the site", () => {
  it("names every page, the one that failed, and the one that was slow to answer", async () => {
    const [name = ""] = await readdir(join(folder, "bun"));

    const text = await readFile(join(folder, "bun", name), "utf8");

    expect(text).toMatch(/\/docs\/delivery\.md\n/);
    expect(text).toMatch(/this-page-is-missing\.md\n {2}failed: .*404/);
    expect(text).toMatch(/\/unsteady\n {2}answered after 2 retries\n/);
  });
});

describe("a gateway that is killed", () => {
  it.each([
    ["as the crawl starts", /demo\.crawl\[[^\]]+\] received/],
    ["while a page waits for its retry", /retry: Retry in 1s/],
    ["in the widest level", /demo\.level\[[^\]]+\] succeeded(?:.|\n)*demo\.level\[[^\]]+\] succeeded/],
  ])(
    "%s is started again, and the demo ends with the same summary",
    async (_, moment) => {
      const starter = start("bun", "--once");
      const gateway = gatewayAmong(await partsOf(starter));
      await starter.until(moment);

      process.kill(gateway, "SIGKILL");

      await starter.endsWith(0);
      expect(starter.output()).toMatch(/gateway +\| has died \(signal SIGKILL\)/);
      expect(starter.output()).toContain(await expectedSummary());
      expect(starter.output()).toContain("2 retries,\n1 failed, 1 rejected");
    },
    longest,
  );
});

describe("a gateway that is killed twice", () => {
  it(
    "is started again twice, and the demo ends with the same summary",
    async () => {
      const starter = start("bun", "--once");
      await starter.until(/Crawling/);
      process.kill(gatewayAmong(descendantsOf(starter.pid)), "SIGKILL");
      await starter.until(/gateway +\| is back/);

      process.kill(gatewayAmong(descendantsOf(starter.pid)), "SIGKILL");

      await starter.endsWith(0);
      expect(starter.output()).toMatch(/has died(?:.|\n)*has died/);
      expect(starter.output()).toContain(await expectedSummary());
    },
    longest,
  );
});

describe.runIf(process.env["UMBEL_TEST_LEVEL"] === "full")("a gateway that is killed at any moment", () => {
  it.each(Array.from({ length: 12 }, (_, index) => index * 400))(
    "(%d ms after the crawl begins) loses nothing",
    async (milliseconds) => {
      const starter = start("bun", "--once");
      const gateway = gatewayAmong(await partsOf(starter));
      await starter.until(/Crawling/);

      await sleep(milliseconds + Math.random() * 400); // The moment is what is tried out here.
      process.kill(gateway, "SIGKILL");

      await starter.endsWith(0);
      expect(starter.output()).toContain(await expectedSummary());
    },
    longest,
  );
});

describe("the starter", () => {
  it(
    "takes the next free port where one is taken, says so, and its environment block says so",
    async () => {
      for (const port of [3000, 8080]) await occupy(port);
      const starter = start("bun", "--once");
      await partsOf(starter);

      const [, gateway] = await starter.until(/Port 8080 is taken: the gateway is on (\d+)\./);
      await starter.until(/Port 3000 is taken: the web app is on \d+\./);

      await starter.endsWith(0);
      expect(starter.output()).toContain(`QSTASH_URL=http://127.0.0.1:${gateway}\n`);
    },
    longest,
  );

  it(
    "stays until Ctrl-C, beat sends what is due meanwhile, and no process is left behind",
    async () => {
      const starter = start("bun");
      const parts = await partsOf(starter);
      const [, beat = ""] = await starter.until(/beat +(http:\S+)/);
      await starter.until(/stays up until Ctrl-C/);
      expect((await fetch(new URL("/tick", beat), { method: "POST" })).status).toBe(401);
      // Its first line may be among those that are held back while it starts, and the next is a minute away: the task tells.
      await starter.until(/worker +\| .*demo\.heartbeat\[.*the schedule is alive/, 200);

      starter.kill("SIGINT");

      await starter.endsWith(0);
      expect(await leftOf(parts)).toEqual([]);
    },
    longest,
  );

  it.each(["bun", "node", "deno"] as const)(
    "leaves none behind on %s when it is killed itself",
    async (runtime) => {
      const starter = start(runtime);
      const parts = await partsOf(starter);

      starter.kill("SIGKILL");

      expect(await leftOf(parts)).toEqual([]);
    },
    longest,
  );

  it(
    "crawls another site, and ends with 1 when it cannot be visited",
    async () => {
      const starter = start("bun", "--once", "--url", "http://no-such-host.invalid/");

      await starter.endsWith(1);
      expect(starter.output()).toContain("http://no-such-host.invalid/ could not be visited");
    },
    longest,
  );

  it("ends with 2 and one line when it is called wrongly", async () => {
    const starter = startProgram([...runtimes.bun, "apps/demo/src/main.ts", "--one"]);

    await starter.endsWith(2);
    expect(starter.output().trim().split("\n")).toEqual([expect.stringMatching(/--one.*Usage: npm start/)]);
  });
});

/** Takes a port for the time of a test, if nobody has it. */
async function occupy(port: number): Promise<void> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => {
    server.once("error", () => resolve());
    server.listen(port, "127.0.0.1", resolve);
  });
}
