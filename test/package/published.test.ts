/** What a user installs, as a user installs it: from tarballs, by each package manager, into an empty folder. */

import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { onFreePort } from "../free-port.ts";
import type { Served } from "../listen.ts";
import { commandOf, descendantsOf } from "../process-table.ts";
import { repository } from "../running-program.ts";
import { serveRegistry } from "./local-registry.ts";
import { isFull, type OfflineMachine, offlineMachine, variables as production } from "./offline-machine.ts";
import { programIn, programsIn } from "./program-in.ts";
import { recipeOf } from "./recipe.ts";
import { type Shell, shellIn } from "./shell.ts";

const removals: (() => Promise<void> | void)[] = [];
let machine: OfflineMachine;
let registry: Served;

/** Everything is built and packed anew, and what others made is installed over the network: the full level only. */
describe.runIf(isFull)("what is published", { timeout: 900_000 }, () => {
  beforeAll(async () => {
    machine = await offlineMachine((remove) => void removals.push(remove));
    await machine.run(recipeOf("In a project of your own"));
    const elsewhere = (await shellIn(machine.tree, environmentOfUser()).run("npm config get registry")).trim();
    registry = await serveRegistry(join(machine.tree, "packages"), join(machine.tree, "dist"), elsewhere);
    removals.push(() => registry.stop());
  }, 900_000);

  afterAll(async () => {
    for (const remove of removals.toReversed()) await remove();
  });

  it("passes publint, attw and the dry run of JSR, types of the whole public API included", async () => {
    const output = await machine.run("npm run pack");

    expect(output.match(/All good!/g)).toHaveLength((await readdir(join(machine.tree, "packages"))).length);
    expect(output).toContain("Dry run complete");
  });

  it("has licence, sources and build in each tarball, and no tests", async () => {
    const tarballs = await readdir(join(machine.tree, "dist"));

    for (const tarball of tarballs) {
      const files = (await machine.run(`tar tzf dist/${tarball}`)).trim().split("\n");
      const wanted = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts", "src/index.ts"];
      expect(files).toEqual(expect.arrayContaining(wanted.map((file) => `package/${file}`)));
      expect(files.filter((file) => !/^package\/(?:dist\/|src\/|[\w.]+$)/.test(file))).toEqual([]);
    }
  });

  it.each([
    {
      on: "Node, installed by npm",
      install: "npm install umbel @umbel/gateway @hono/node-server",
      gateway: "npx umbel-gateway",
      shop: "node serve.ts",
      call: "node call.ts",
    },
    {
      on: "Bun, installed by Bun",
      install: "bun add umbel @umbel/gateway",
      gateway: "bunx --bun @umbel/gateway",
      shop: "bun shop.ts",
      call: "bun call.ts",
    },
    {
      on: "Deno, installed by Deno",
      install: "deno add npm:umbel npm:@umbel/gateway",
      gateway: "deno run -A npm:@umbel/gateway",
      shop: "deno serve -A --port $PORT shop.ts",
      call: "deno run -A call.ts",
    },
  ])("runs the ten lines on $on", async ({ install, gateway, shop, call }) => {
    const project = await emptyProject();
    await project.run(install);
    const variables = await onFreePort(async (port) => {
      await writeProgram(project, port);
      const environment = await startGateway(project, gateway, port);
      await project.start(shop, { ...environment, PORT: String(port) }).answerAt(`http://127.0.0.1:${port}/`);
      return environment;
    });

    expect(await project.start(call, variables).until(/^8$/m)).toBeDefined();
  });

  it("runs the ten lines on workerd, the call being made by a request, as it must be there", async () => {
    const project = await emptyProject();
    await project.run("npm install umbel @umbel/gateway");
    await writeFile(join(project.folder, "worker.ts"), onRequest(await programIn("README.md")));
    await project.run(`wrangler deploy worker.ts --name shop --compatibility-date ${today} --dry-run --outdir out`);

    const answer = await onFreePort(async (port) => {
      const variables = await startGateway(project, "npx umbel-gateway", port);
      await writeFile(join(project.folder, "out/config.capnp"), configuration(port, variables));
      return await project.start("workerd serve out/config.capnp").answerAt(`http://127.0.0.1:${port}/sum`);
    });

    expect(await answer.json()).toBe(8);
  });

  it("starts an installed gateway by the README's recipe for the tree's, for those only who know its secrets", async () => {
    const project = await emptyProject();
    await writeFile(join(project.folder, ".env.production"), production);

    const installed = recipeOf("The gateway, self-hosted")
      .replace("npm run build", "npm install @umbel/gateway")
      .replace("apps/gateway/src/main.ts", "node_modules/.bin/umbel-gateway");

    const gateway = project.start(installed, { UMBEL_GATEWAY_PORT: "0", UMBEL_GATEWAY_REST_PORT: "0" });
    const [, port = ""] = await gateway.until(/QStash's API +http:\/\/0\.0\.0\.0:(\d+)/);
    const answers = ["eyJVc2VySUQiOiJkZWZhdWx0VXNlciJ9", "token-of-nobody="].map(async (token) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`http://127.0.0.1:${port}/v2/keys`, { headers })).status;
    });

    expect(await Promise.all(answers)).toEqual([401, 200]);
  });

  it("runs in a project beside a checkout, from the packages that the README's command made there", async () => {
    const project = await emptyProject();
    await rm(join(project.folder, ".npmrc")); // Of a registry that has none of them.
    await project.run(`npm install ${join(machine.tree, "dist")}/*.tgz`);
    await writeProgram(project, 8787);

    const listed = await project.run("npx umbel -A ./shop.ts list tasks");

    expect(listed).toContain("shop.add");
  });

  it("has a worker of umbel dev that is the build in one file, as umbel dev itself is", async () => {
    const project = await emptyProject();
    await project.run("npm install umbel @umbel/cli");
    await writeProgram(project, 8787);

    const dev = project.start("npx umbel dev ./shop.ts --data :memory: --port 0 --gateway-port 0 --rest-port 0");
    await dev.until(/worker@\S+ ready\./);

    const words = descendantsOf(process.pid).map(commandOf);
    const worker = join(project.folder, "node_modules/@umbel/cli/dist/node/bin.js");
    expect(words.filter((each) => each.includes(`${worker} -A ./shop.ts worker`))).toHaveLength(1);
  });

  it.each(["nodenext", "bundler"])("has its types where moduleResolution is %s", async (moduleResolution) => {
    const project = await emptyProject();
    await project.run("npm install umbel @umbel/gateway");
    await writeProgram(project, 8787);
    const module = moduleResolution === "bundler" ? "esnext" : "nodenext";
    const lib = ["ES2024", "ESNext.Disposable", "WebWorker", "DOM.AsyncIterable"];
    const strict = { strict: true, noEmit: true, allowImportingTsExtensions: true, target: "es2022", types: [] };
    const compilerOptions = { ...strict, module, moduleResolution, lib };
    await writeFile(
      join(project.folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["shop.ts", "call.ts"] }),
    );

    expect(await project.run("tsc")).toBe("");
    const [, call = ""] = await programsIn("README.md");
    await writeFile(join(project.folder, "call.ts"), call.replace("add.s(4)", 'add.s("4")'));
    await expect(project.run("tsc")).rejects.toThrow("call.ts");
  });
});

/** Compatibility date of what runs on workerd here. */
const today = "2026-08-04";

interface Project extends Shell {
  readonly folder: string;
}

/** A folder with nothing in it, and the runtimes. */
async function emptyProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "umbel-project-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, ".npmrc"), `registry=${registry.url}/\n`);
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  await mkdir(join(folder, "out"));
  return { folder, ...shellIn(folder, environmentOfUser()) };
}

/** This process's own, with what its package managers need to reach their registry, and the runtimes of this tree first. */
function environmentOfUser(): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:NODE_ENV|NODE_OPTIONS|VITEST.*)$/.test(name));
  const path = `${join(repository, "node_modules/.bin")}:${process.env["PATH"]}`;
  const given = own.map(([name, value]) => [name, value ?? ""]);
  return { ...Object.fromEntries(given), PATH: path, CI: "true", WRANGLER_SEND_METRICS: "false" };
}

async function writeProgram({ folder }: Project, port: number): Promise<void> {
  const [shop = "", call = ""] = await programsIn("README.md");
  await writeFile(join(folder, "shop.ts"), shop.replace("8787", String(port)));
  await writeFile(join(folder, "call.ts"), call);
  await writeFile(join(folder, "serve.ts"), onNode);
}

/** Node has no server that takes a default export. */
const onNode = `import { serve } from "@hono/node-server";\nimport shop from "./shop.ts";\n\nserve(shop);\n`;

/** Starts a gateway; resolves with the environment of an application whose worker listens on `port`. */
async function startGateway(project: Project, command: string, port: number): Promise<Record<string, string>> {
  const gateway = project.start(`${command} --port 0 --rest-port 0 --data :memory:`);
  const { input } = await gateway.until(/UPSTASH_REDIS_REST_TOKEN=.*\n/);
  const variables = [...input.matchAll(/^ {2}(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);
  return { ...Object.fromEntries(variables), UMBEL_WORKER_URL: `http://127.0.0.1:${port}` };
}

/** The same lines, but that `GET /sum` makes the call: workerd lets nothing be sent outside of a request. */
function onRequest(program: string): string {
  const declarations = program.split("\n").filter((line) => !line.startsWith("export default"));
  return `${declarations.join("\n")}
const endpoint = worker(app);
export default {
  async fetch(request: Request, environment: object): Promise<Response> {
    if (new URL(request.url).pathname !== "/sum") return await endpoint.fetch(request, environment);
    app.useEnvironment(environment);
    const result = await add.s(2, 2).pipe(add.s(4)).delay();
    return Response.json(await result.get());
  },
};
`;
}

function configuration(port: number, variables: Readonly<Record<string, string>>): string {
  const bindings = Object.entries(variables).map(([name, text]) => `(name = "${name}", text = "${text}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "shop", worker = (compatibilityDate = "${today}", globalOutbound = "everywhere",
      modules = [(name = "worker.js", esModule = embed "worker.js")], bindings = [${bindings.join(", ")}])),
    (name = "everywhere", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "shop")],
);
`;
}
