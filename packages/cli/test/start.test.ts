import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGateway } from "@umbel/test/gateway";
import { runtimes } from "@umbel/test/running-program";
import { describe, expect, it, onTestFinished } from "vitest";
import { tasksModule } from "./tasks-worker.ts";
import { run, umbel } from "./umbel.ts";

/** Tells at the end which files have been loaded, a line for each, after all that the program has written. */
const listing = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({
    load(url, context, next) {
      loaded.push(url);
      return next(url, context);
    },
  });
  process.on("exit", () => writeSync(2, loaded.map((url) => "loaded " + url + "\\n").join("")));
`)}`;

/** Packages, ours and others', of which a command has loaded something. */
async function packagesOf(
  line: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const [node, ...flags] = runtimes.node;
  const words = line.split(" ").filter((word) => word !== "");
  const { stderr } = await run([node, ...flags, "--import", listing, "packages/cli/src/bin.ts", ...words], environment);
  const files = [...stderr.matchAll(/^loaded file:.*\/(packages|node_modules)\/((?:@[^/]+\/)?[^/]+)\/[^/]/gm)];
  return [
    ...new Set(files.map(([, folder, name = ""]) => (folder === "packages" ? `@umbel/${name}` : name))),
  ].toSorted();
}

describe("what is loaded", () => {
  it.each(["--version", "--help", "status --help", "worker --help", "logs --help", "beatt", "status"])(
    "is nothing but this package and what reads command lines: umbel %s",
    async (line) => {
      expect(await packagesOf(line)).toEqual(["@umbel/cli", "commander"]);
    },
  );

  it.each(["status", "inspect active", "result one --timeout 0.1", "call tasks.add -a [2,2]"])(
    "has nothing that serves, keeps time or watches: umbel %s",
    async (line) => {
      const gateway = await openGateway();
      onTestFinished(async () => await gateway.close());

      const packages = await packagesOf(`-A ${tasksModule} ${line}`, gateway.variables);

      expect(packages).toEqual(expect.arrayContaining(["@umbel/cli", "@umbel/core", "@umbel/upstash-redis"]));
      expect(packages.filter((each) => serving.has(each))).toEqual([]);
    },
  );
});

const serving = new Set([
  "@umbel/beat",
  "@umbel/events",
  "@umbel/gateway",
  "@umbel/otel",
  "@umbel/prometheus",
  "@umbel/testing",
  "@umbel/worker",
  "@hono/node-server",
  "bullmq",
  "ioredis",
  "prom-client",
  "temporal-polyfill",
]);

describe("what Node has made of modules", () => {
  it("is kept in the user's folder for the next start, and in none where that is asked", async () => {
    const folder = await mkdtemp(join(tmpdir(), "umbel-cli-"));
    onTestFinished(async () => await rm(folder, { recursive: true }));
    const environment = { NODE_COMPILE_CACHE: "", XDG_CACHE_HOME: folder };

    const none = await umbel(["--version"], { environment: { ...environment, NODE_DISABLE_COMPILE_CACHE: "1" } });
    const before = await readdir(folder);
    const kept = await umbel(["--version"], { environment });

    expect(before).toEqual([]);
    expect(await readdir(folder)).toEqual(["umbel"]);
    expect(kept).toEqual(none);
  });

  it("is kept nowhere where nothing can be, and nobody is told", async () => {
    const nowhere = { NODE_COMPILE_CACHE: "", XDG_CACHE_HOME: "/dev/null" };

    expect(await umbel(["--version"], { environment: nowhere })).toMatchObject({ code: 0, stderr: "" });
  });
});
