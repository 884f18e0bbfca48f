/**
 * The README's recipes, as they stand, up to the upload: on one copy of the tree, so that it is built once. Every app by
 * every recipe at the full level; a start-up of each kind otherwise.
 */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFull, type OfflineMachine, offlineMachine, variables } from "./offline-machine.ts";
import { recipeOf } from "./recipe.ts";

const apps = ["worker", "web", "beat"] as const;
const some = isFull ? apps : (["worker"] as const);

/** What serves each app by itself. */
const servers = [
  ["Bun, anywhere", isFull ? apps : ["worker"]],
  ["Node, anywhere", isFull ? apps : ["web"]],
  ["Deno, anywhere", isFull ? apps : ["beat"]],
] as const;

/** Modules of Node's that Vercel's Edge runtime has. */
const edgeModules = new Set(["async_hooks", "assert", "buffer", "events", "util"]);

/** The recipe for another of the apps. */
function forApp(recipe: string, app: string): string {
  return recipe.replaceAll("apps/worker", `apps/${app}`).replaceAll("shop-worker", `shop-${app}`);
}

/** The recipe without what is said of other apps. */
function onlyFor(recipe: string, named: readonly string[]): string {
  const others = apps.filter((app) => !named.includes(app));
  const lines = recipe.split("\n").filter((line) => !others.some((app) => line.includes(`apps/${app}/`)));
  return lines.join("\n");
}

describe("the README's recipe", { timeout: 900_000 }, () => {
  const removals: (() => Promise<void>)[] = [];
  let machine: OfflineMachine;
  beforeAll(async () => void (machine = await offlineMachine((remove) => void removals.push(remove))));
  afterAll(async () => {
    for (const remove of removals) await remove();
  });

  it(`for Cloudflare Workers bundles ${some.join(", ")}, each for its own name`, async () => {
    const output = await machine.run(onlyFor(recipeOf("Cloudflare Workers"), some));

    expect(output.match(/--dry-run: exiting now/g)).toHaveLength(some.length);
    const uploads = (await machine.uploads()).filter((line) => line.startsWith("wrangler deploy"));
    expect(uploads.map((line) => /apps\/(\w+)/.exec(line)?.[1])).toEqual(some);
    const bundles = (await readdir(machine.tree)).filter((name) => name.startsWith("out-"));
    expect(bundles).toHaveLength(some.length);
    for (const bundle of bundles) expect(await readdir(join(machine.tree, bundle))).toContain("cloudflare.js");
  });

  // Seconds for each; the compiler of this tree checks the same files in every run.
  it.runIf(isFull).each(apps)("for Deno Deploy type-checks the entry of %s, which needs no build", async (app) => {
    await machine.run(forApp(recipeOf("Deno Deploy"), app));

    const uploads = await machine.uploads();
    const [create = "", load, mode, deploy] = uploads.filter((line) => line.includes(`--app shop-${app}`));
    expect(create).toContain(`--entrypoint apps/${app}/src/deno.ts`);
    expect(load).toContain("env load .env.production");
    expect(mode).toContain("env add NODE_ENV production");
    expect(deploy).toContain("--prod");
  });

  it.each(some)("for Vercel Edge makes the build output of %s, without a module that Edge has not", async (app) => {
    const output = join(machine.tree, `apps/${app}/.vercel/output`);

    await machine.run(forApp(recipeOf("Vercel Edge"), app));

    const config = await readFile(join(output, "config.json"), "utf8");
    const functions = await readdir(join(output, "functions/api"));
    const called = new Set([...config.matchAll(/"\/api\/(\w+)"/g)].map(([, name]) => `${name}.func`));
    expect(called).toEqual(new Set(functions));
    for (const name of functions) {
      const code = await readFile(join(output, "functions/api", name, "index.js"), "utf8");
      expect(await readFile(join(output, "functions/api", name, ".vc-config.json"), "utf8")).toContain('"edge"');
      expect(code).toMatch(/export \{\s*\w+ as default\s*\}/);
      expect(modulesOf(code).filter((module) => !edgeModules.has(module))).toEqual([]);
    }
    const uploads = await machine.uploads();
    const given = [...uploads.join("\n").matchAll(addedTo(app))].map(([, name, value]) => `${name}=${value}\n`);
    expect(given.join("")).toBe(`NODE_ENV=production\n${variables}`);
    expect(uploads.at(-1)).toBe(`vercel deploy --prebuilt --prod --cwd apps/${app}`);
  });

  it.each(servers)("for %s serves %j", async (platform, served) => {
    for (const app of served) {
      const server = machine.start(forApp(recipeOf(platform), app), { PORT: "0" });
      const [, port] = await server.until(/http:\/\/\S+?:(\d+)/);
      const answer = await server.answerAt(`http://127.0.0.1:${port}/`);

      expect({ app, status: answer.status }).toEqual({ app, status: 200 });
    }
  });

  it("for the gateway serves those who know its secrets, and nobody else", async () => {
    const anyPorts = { UMBEL_GATEWAY_PORT: "0", UMBEL_GATEWAY_REST_PORT: "0" };
    const gateway = machine.start(recipeOf("The gateway, self-hosted"), anyPorts);
    const [, port = ""] = await gateway.until(/QStash's API +http:\/\/0\.0\.0\.0:(\d+)/);

    const answers = ["eyJVc2VySUQiOiJkZWZhdWx0VXNlciJ9", "token-of-nobody="].map(async (token) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`http://127.0.0.1:${port}/v2/keys`, { headers })).status;
    });

    expect(await Promise.all(answers)).toEqual([401, 200]);
  });
});

/** A variable that Vercel was given for an app, and its value. */
function addedTo(app: string): RegExp {
  return new RegExp(`^vercel env add (\\w+) production --cwd apps/${app} <- (.*)$`, "gm");
}

/** Built-in modules that a bundle imports. */
function modulesOf(code: string): readonly string[] {
  const imports = code.matchAll(/(?:from|import)\s*\(?\s*"(?:node:)?([a-z_/]+)"/g);
  return [...imports].map(([, module = ""]) => module);
}
