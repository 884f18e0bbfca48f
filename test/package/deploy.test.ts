import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freePort } from "../free-port.ts";
import { isFull, offlineMachine } from "./offline-machine.ts";
import { recipeOf } from "./recipe.ts";

const apps = ["worker", "web", "beat"] as const;

/** Modules of Node's that Vercel's Edge runtime has. */
const edgeModules = new Set(["async_hooks", "assert", "buffer", "events", "util"]);

/** The recipe for another of the apps. */
function forApp(recipe: string, app: string): string {
  return recipe.replaceAll("apps/worker", `apps/${app}`).replaceAll("shop-worker", `shop-${app}`);
}

describe("the README's recipe", { timeout: 180_000 }, () => {
  it("for Cloudflare Workers bundles the worker, the web app and beat, each for its own name", async () => {
    const machine = await offlineMachine();

    const output = await machine.run(recipeOf("Cloudflare Workers"));

    expect(output.match(/--dry-run: exiting now/g)).toHaveLength(apps.length);
    expect(await machine.uploads()).toHaveLength(apps.length);
    const bundles = (await readdir(machine.tree)).filter((name) => name.startsWith("out-"));
    for (const bundle of bundles) expect(await readdir(join(machine.tree, bundle))).toContain("cloudflare.js");
  });

  it.each(isFull ? apps : ["worker"])(
    "for Deno Deploy type-checks the entry of %s, which needs no build",
    async (app) => {
      const machine = await offlineMachine();

      await machine.run(forApp(recipeOf("Deno Deploy"), app));

      const [create = "", load, deploy] = await machine.uploads();
      expect(create).toContain(`--entrypoint apps/${app}/src/deno.ts`);
      expect(load).toContain("env load .env.production");
      expect(deploy).toContain("--prod");
    },
  );

  it.each(apps)("for Vercel Edge makes the build output of %s, without a module that Edge has not", async (app) => {
    const machine = await offlineMachine();
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
    expect((await machine.uploads()).at(-1)).toBe(`vercel deploy --prebuilt --prod --cwd apps/${app}`);
  });

  it.each(["Bun, anywhere", "Node, anywhere", "Deno, anywhere"])("for %s serves each app", async (platform) => {
    const machine = await offlineMachine();

    for (const app of apps) {
      const port = await freePort();
      const server = machine.start(forApp(recipeOf(platform), app), { PORT: String(port) });
      const answer = await server.answerAt(`http://127.0.0.1:${port}/`, isFull ? 120 : 20);

      expect({ app, status: answer.status }).toEqual({ app, status: 200 });
    }
  });
});

/** Built-in modules that a bundle imports. */
function modulesOf(code: string): readonly string[] {
  const imports = code.matchAll(/(?:from|import)\s*\(?\s*"(?:node:)?([a-z_/]+)"/g);
  return [...imports].map(([, module = ""]) => module);
}
