/** The worker and the web app on Cloudflare's runtime, as one file each, with the gateway beside them. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "@umbel/app-web/progress";
import { openDoorway } from "@umbel/test/doorway";
import { runtimes, startProgram } from "@umbel/test/running-program";
import { rolldown } from "rolldown";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { followCrawl, startCrawl } from "../src/follow-crawl.ts";
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

const apps = ["worker", "web"] as const;

/** Starts worker and web app, on ports that the system gives; returns the address of the web app. */
async function startWorkerd(environment: Readonly<Record<string, string>>): Promise<string> {
  const doorway = await openDoorway();
  onTestFinished(doorway.close);
  await Promise.all(apps.map(bundle));
  const config = join(folder, "config.capnp");
  await writeFile(config, configuration({ ...environment, UMBEL_WORKER_URL: doorway.url }));
  // It says on its control channel where it listens: here that is its output.
  const server = startProgram(["node_modules/.bin/workerd", "serve", "--control-fd=1", config]);
  const portOf = async (app: string) =>
    Number((await server.until(new RegExp(`"socket": ?"${app}", ?"port": ?(\\d+)`)))[1]);
  doorway.leadTo(await portOf("worker"));
  return `http://${host}:${await portOf("web")}`;
}

/** Makes one file of an app, as a deployment does. */
async function bundle(app: (typeof apps)[number]): Promise<void> {
  const build = await rolldown({
    input: join(repository, `apps/${app}/src/cloudflare.ts`),
    platform: "browser",
    resolve: { conditionNames: ["@umbel/source", "workerd", "worker", "browser", "import", "default"] },
  });
  await build.write({ file: join(folder, `${app}.js`), format: "esm" });
  await build.close();
}

function configuration(bindings: Readonly<Record<string, string>>): string {
  const variables = Object.entries(bindings).map(([name, text]) => `(name = "${name}", text = "${text}")`);
  const services = apps.map(
    (name) => `(name = "${name}", worker = (compatibilityDate = "2026-08-04", globalOutbound = "everywhere",
      modules = [(name = "${name}.js", esModule = embed "${name}.js")], bindings = [${variables.join(", ")}]))`,
  );
  const sockets = apps.map((name) => `(name = "${name}", address = "${host}:0", http = (), service = "${name}")`);
  const network = '(name = "everywhere", network = (allow = ["public", "private"]))';
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [${[...services, network].join(", ")}], sockets = [${sockets.join(", ")}]);
`;
}
