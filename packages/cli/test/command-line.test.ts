import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { repository } from "@umbel/test/running-program";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadModule } from "../src/application/load-module.ts";
import { version } from "../src/version.ts";
import { run, umbel } from "./umbel.ts";

const modules = "packages/cli/test/modules";

describe("the command line", () => {
  it("has the package's version", async () => {
    const manifest: { readonly version: string } = JSON.parse(readFileSync("packages/cli/package.json", "utf8"));

    expect(version).toBe(manifest.version);
    expect(await umbel(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it.each(["node", "bun", "deno"] as const)("helps with examples, on %s", async (runtime) => {
    const { code, stdout, stderr } = await umbel(["beat", "--help"], { runtime });

    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Usage: umbel beat \[options\]/);
    expect(stdout).toContain("Examples:\n  umbel -A ./tasks.ts beat\n");
  });

  it("shows its commands when none is given, which is no use of it", async () => {
    const { code, stderr } = await umbel([]);

    expect(code).toBe(2);
    expect(stderr).toMatch(/^Usage: umbel .*Commands:\n {2}dev /s);
  });

  it.each([
    ["beatt", "unknown command 'beatt' (Did you mean beat?)"],
    ["beat --max-intervall 3", "unknown option '--max-intervall' (Did you mean --max-interval?)"],
    ["beat", "no application is named: umbel -A ./tasks.ts beat, or set UMBEL_APP"],
    ["beat -A x -l loud", '-l takes debug, info, warning, error or critical, not "loud"'],
    ["beat -A x -s beat.db", "-s names a file, and beat keeps nothing in one: what was sent is in the store"],
    ["beat -A x -b redis://localhost", '-b takes an address such as http://127.0.0.1:8080, not "redis://localhost"'],
    [
      "beat -A x --result-backend redis://a",
      '--result-backend takes an address such as http://127.0.0.1:8079, not "redis://a"',
    ],
    ["beat -A x --pidfile a", "--pidfile keeps a second beat away, and any number may run here: each run is sent once"],
    [
      "multi start 3",
      "there is no umbel multi: a worker is an HTTP app: serve worker(app) of umbel/worker, and the platform has as many as it takes",
    ],
  ])("answers %j, which is written wrongly, with a line and 2", async (line, sentence) => {
    expect(await umbel(line.split(" "))).toEqual({ code: 2, stdout: "", stderr: `umbel: ${sentence}\n` });
  });

  it.each([
    ["--json beat -A x -l loud", 2, /^-l takes debug, /],
    [
      "conf --json --check packages/cli/test/modules/fails.ts",
      1,
      /fails\.ts cannot be loaded: \/\S+\/fails\.ts:\d+:\d+: RangeError: the tap is closed$/,
    ],
    ["inspect -j", 2, /^inspect takes a question/],
  ])(
    "answers %j with --json by an object that says what is wrong, and with the same code",
    async (line, code, sentence) => {
      const answer = await umbel(line.split(" "));

      const { error }: { readonly error?: unknown } = Object(JSON.parse(answer.stdout));
      expect(error).toMatch(sentence);
      expect(answer).toEqual({ code, stdout: `${JSON.stringify({ error })}\n`, stderr: `umbel: ${String(error)}\n` });
    },
  );
});

describe("the module", () => {
  it.each([
    [`${modules}/none.ts`, `exports no application: it exports double (a function), limit (a number)`],
    [
      `${modules}/fails.ts`,
      `cannot be loaded: ${join(repository, modules, "fails.ts")}:3:7: RangeError: the tap is closed`,
    ],
    [
      `${modules}/several.ts`,
      `exports several applications: say which, as -A ${modules}/several.ts:NAME; it exports shop (the application shop), stock (the application stock)`,
    ],
  ])("of which nothing can be had is told in a line, with 1: %s", async (module, sentence) => {
    const { code, stdout, stderr } = await umbel(["-A", module, "beat"]);

    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: "", stderr: `umbel: ${module} ${sentence}\n` });
  });

  it.each([
    [`${modules}/several.ts:stack`, `${modules}/several.ts exports no "stack": it exports shop`],
    [`${modules}/none.ts:limit`, `limit of ${modules}/none.ts is a number, not an application: it exports double`],
    [
      `${modules}/nope.ts`,
      `there is no module "${modules}/nope.ts": in ${repository.replace(/\/$/, "")} there is no such file\n`,
    ],
    [`${modules}/nope`, `there is no module "${modules}/nope": in `],
  ])("has to have what is named: %s", async (named, sentence) => {
    const { code, stderr } = await umbel(["-A", named, "beat"]);

    expect(code).toBe(1);
    expect(stderr).toContain(`umbel: ${sentence}`);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("that fails is told with its stack on request", async () => {
    const { code, stderr } = await umbel(["-A", `${modules}/fails.ts`, "beat", "--debug"]);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^umbel: .*\n.*CommandError.*Caused by: RangeError: the tap is\nclosed\n.*fails\.ts:3/s);
  });

  it("that ends the process where it is imported is named, with 1", async () => {
    const module = await written("process.exit(7);\n");

    expect(await umbel(["-A", module, "status"])).toEqual({
      code: 1,
      stdout: "",
      stderr: `umbel: ${module} cannot be loaded: it ends the process, with 7, where it is imported\n`,
    });
  });

  it("that never ends is given up after some time", async () => {
    const module = await written("await new Promise(() => {});\nexport const one = 1;\n");

    await expect(loadModule({ module }, repository, 0.1)).rejects.toThrow(
      `${module} cannot be loaded: an await on its top level, or of a module that it imports, has not ended within 0.1 s`,
    );
  });

  it("whose text ends too early is told with the line", async () => {
    const module = await written("export const one = 1;\noops(");

    const { code, stderr } = await umbel(["-A", module, "status"]);

    expect([code, stderr]).toEqual([1, `umbel: ${module} cannot be loaded: ${module}:2: Expression expected\n`]);
  });

  it.each(["node", "bun", "deno"] as const)(
    "that has a slip of syntax is told with its place, on %s",
    async (runtime) => {
      const folder = await mkdtemp(join(tmpdir(), "umbel-cli-"));
      onTestFinished(async () => await rm(folder, { recursive: true }));
      const slip = join(folder, "slip.ts");
      const above = join(folder, "above.ts");
      await writeFile(slip, "export const a: number = 1;\nexport const b: number = = 2;\n");
      await writeFile(above, 'export * from "./slip.ts";\n');

      const { code, stderr } = await umbel(["-A", above, "beat"], { runtime });

      const start = `umbel: ${above} cannot be loaded: ${slip}:2:26: `;
      expect([code, stderr.slice(0, start.length)]).toEqual([1, start]);
      expect(stderr.trimEnd()).not.toMatch(/\n|BuildMessage|TypeError/);
    },
  );

  it("in TypeScript needs a runtime that reads it, and more where types are not all", async () => {
    const folder = await mkdtemp(join(tmpdir(), "umbel-cli-"));
    onTestFinished(async () => await rm(folder, { recursive: true }));
    const built = join(folder, "umbel.mjs");
    await build({
      entryPoints: ["packages/cli/src/bin.ts"],
      outfile: built,
      bundle: true,
      platform: "node",
      format: "esm",
      conditions: ["@umbel/source"],
      banner: {
        js: 'import { createRequire as requirer } from "node:module"; const require = requirer(import.meta.url);',
      },
      logLevel: "error",
    });
    await writeFile(join(folder, "typed.ts"), "export const limit: number = 3;");
    await writeFile(join(folder, "enum.ts"), "export enum Colour { Red }");
    const node = "node_modules/.bin/node";

    const old = await run([node, "--no-strip-types", built, "-A", join(folder, "typed.ts"), "beat"]);
    const more = await run([node, built, "-A", join(folder, "enum.ts"), "beat"]);

    expect(old.stderr).toContain(
      "does not read TypeScript: use Node 22.18 or later, Bun or Deno, or name the built file\n",
    );
    expect(more.stderr).toContain("Node only takes types away, and there is more to do: use Bun or Deno");
    expect([old.code, more.code]).toEqual([1, 1]);
  });
});

/** A module with this text. */
async function written(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "umbel-cli-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const module = join(folder, "own.ts");
  await writeFile(module, text);
  return module;
}
