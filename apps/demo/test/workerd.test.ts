/** The worker and the web app on Cloudflare's runtime, as one file each, with the gateway beside them. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "@umbel/app-web/progress";
import { poll, runtimes, startProgram } from "@umbel/test/running-program";
import { rolldown } from "rolldown";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { followCrawl, startCrawl } from "../src/follow-crawl.ts";
import { freePorts } from "../src/ports.ts";
import { repository } from "../src/repository.ts";
import { serveSite } from "../src/site/site.ts";
import { faultsOf } from "../src/verdict.ts";

const host = "127.0.0.1";
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "umbel-workerd-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("the demo's tasks on workerd", () => {
  it("crawl the site as they do everywhere, their settings coming with each request", async () => {
    const site = await serveSite(repository);
    const environment = await startGateway();
    const web = await startWorkerd(environment);

    const crawl = await startCrawl(web, site.url, site.limits);
    const states: Progress[] = [];
    for await (const progress of followCrawl(web, crawl)) states.push(progress);
    site.close();

    const { summary } = states.at(-1) ?? {};
    expect(summary).toBeDefined();
    expect(summary && faultsOf(summary, site)).toEqual([]);
  });
});

/** Starts a gateway; returns what it says that an application must have in its environment. */
async function startGateway(): Promise<Readonly<Record<string, string>>> {
  const flags = ["--port", "0", "--rest-port", "0", "--data", ":memory:"];
  const gateway = startProgram([...runtimes.bun, "apps/gateway/src/main.ts", ...flags]);
  await gateway.until(/UPSTASH_REDIS_REST_TOKEN=.*\n/);
  const lines = gateway.output().matchAll(/^ {2}(\w+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
}

/** Starts worker and web app; returns the address of the web app. */
async function startWorkerd(environment: Readonly<Record<string, string>>): Promise<string> {
  const [worker = 0, web = 0] = await freePorts([18_787, 13_000], host);
  const bindings = { ...environment, UMBEL_WORKER_URL: `http://${host}:${worker}` };
  await Promise.all([bundle("worker"), bundle("web")]);
  await writeFile(join(folder, "config.capnp"), configuration({ worker, web }, bindings));
  const server = startProgram(["node_modules/.bin/workerd", "serve", join(folder, "config.capnp")]);
  const isUp = async () => (await answers(`http://${host}:${web}/`)) && (await answers(`http://${host}:${worker}/`));
  if (!(await poll(60, isUp))) throw new Error(`workerd does not answer: ${server.output()}`);
  return `http://${host}:${web}`;
}

/** Makes one file of an app, as a deployment does. */
async function bundle(app: "worker" | "web"): Promise<void> {
  const build = await rolldown({
    input: join(repository, `apps/${app}/src/cloudflare.ts`),
    platform: "browser",
    resolve: { conditionNames: ["@umbel/source", "workerd", "worker", "browser", "import", "default"] },
  });
  await build.write({ file: join(folder, `${app}.js`), format: "esm" });
  await build.close();
}

function configuration(ports: Readonly<Record<string, number>>, bindings: Readonly<Record<string, string>>): string {
  const variables = Object.entries(bindings).map(([name, text]) => `(name = "${name}", text = "${text}")`);
  const services = Object.keys(ports).map(
    (name) => `(name = "${name}", worker = (compatibilityDate = "2026-08-04", globalOutbound = "everywhere",
      modules = [(name = "${name}.js", esModule = embed "${name}.js")], bindings = [${variables.join(", ")}]))`,
  );
  const sockets = Object.entries(ports).map(
    ([name, port]) => `(name = "${name}", address = "${host}:${port}", http = (), service = "${name}")`,
  );
  const network = '(name = "everywhere", network = (allow = ["public", "private"]))';
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [${[...services, network].join(", ")}], sockets = [${sockets.join(", ")}]);
`;
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
