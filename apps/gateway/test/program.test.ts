/** The gateway as it is started: on each runtime, with what it refuses, and how it ends. */

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runtimes, startProgram } from "@umbel/test/running-program";

const program = "apps/gateway/src/main.ts";
const anyPorts = ["--port", "0", "--rest-port", "0"];
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "umbel-gateway-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe.each(["bun", "deno", "node"] as const)("the gateway on %s", (name) => {
  it("answers on both ports, keeps its file where it is told to, and ends with 0 when it is asked to", async () => {
    const data = join(folder, name);
    const gateway = startProgram([...runtimes[name], program, ...anyPorts, "--data", data]);
    const [, url = ""] = await gateway.until(/QStash's API +(\S+)/);
    const [, restUrl = ""] = await gateway.until(/Redis over REST +(\S+)/);

    const answers = await Promise.all([fetch(url), fetch(restUrl)]);

    expect(answers.map((answer) => answer.status < 500)).toEqual([true, true]);
    expect(await readdir(data)).toContain("gateway.db");
    gateway.kill("SIGTERM");
    await gateway.endsWith(0);
  });

  it("ends with 2 and one line when it is called wrongly", async () => {
    const gateway = startProgram([...runtimes[name], program, "--prot", "1"]);

    await gateway.endsWith(2);
    expect(gateway.output().trim().split("\n")).toEqual([expect.stringMatching(/--prot.*Usage: umbel-gateway/)]);
  });
});

/** What runs in its process before it: it is told to stop while it says its first word. */
const haste = `const { log } = console;
  console.log = (...words) => { console.log = log; log(...words); process.kill(process.pid, "SIGINT"); };`;

it("the gateway ends with 0 when it is told to stop as soon as it says anything", async () => {
  const [node, ...given] = runtimes.node;
  const preload = ["--import", `data:text/javascript,${encodeURIComponent(haste)}`];

  const gateway = startProgram([node, ...preload, ...given, program, ...anyPorts, "--data", ":memory:"]);

  await gateway.endsWith(0);
  expect(gateway.output()).toMatch(/^QStash's API /);
});

describe("the gateway on a Node without SQLite", () => {
  const [node, ...given] = runtimes.node;
  const old = [node, "--no-experimental-sqlite", ...given, program] as const;

  it("ends with 1 and one line: what, why, and what to use", async () => {
    const gateway = startProgram(old);

    await gateway.endsWith(1);
    expect(gateway.output()).toMatch(/^gateway: Node \S+ is too old: .*node:sqlite\. Use Node 22\.13 or later.*\n$/);
  });

  it("can still say how it is called", async () => {
    const gateway = startProgram([...old, "--help"]);

    await gateway.endsWith(0);
    expect(gateway.output()).toContain("Usage: umbel-gateway");
  });
});

describe("the gateway away from loopback", () => {
  const elsewhere = [...runtimes.bun, program, ...anyPorts, "--host", "0.0.0.0", "--data", ":memory:"] as const;

  it("does not start without secrets of its own, and names the variable", async () => {
    const gateway = startProgram(elsewhere);

    await gateway.endsWith(1);
    expect(gateway.output()).toMatch(/^gateway: .*QSTASH_TOKEN.*public development value.*\n$/);
  });

  it("does not take the public ones either", async () => {
    const keys = { QSTASH_CURRENT_SIGNING_KEY: "sig_a", QSTASH_NEXT_SIGNING_KEY: "sig_b" };
    const gateway = startProgram(elsewhere, { ...keys, QSTASH_TOKEN: "own", UPSTASH_REDIS_REST_TOKEN: "umbel-dev" });

    await gateway.endsWith(1);
    expect(gateway.output()).toMatch(/UPSTASH_REDIS_REST_TOKEN/);
  });

  it("starts with its own", async () => {
    const gateway = startProgram(elsewhere, {
      QSTASH_TOKEN: "own",
      QSTASH_CURRENT_SIGNING_KEY: "sig_a",
      QSTASH_NEXT_SIGNING_KEY: "sig_b",
      UPSTASH_REDIS_REST_TOKEN: "own-too",
      UMBEL_WORKER_URL: "http://127.0.0.1:8787",
    });
    await gateway.until(/UPSTASH_REDIS_REST_TOKEN/);

    gateway.kill("SIGINT");

    await gateway.endsWith(0);
    expect(gateway.output()).toContain("http://0.0.0.0:");
  });
});
