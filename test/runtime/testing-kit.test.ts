/**
 * The test kit under vitest, `bun test` and `Deno.test`: the first program of docs/testing.md, as a user would write it, on the
 * README's shop.ts.
 */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = join(root, "node_modules/.bin");
let folder = "";
let program = "";

const vitestConfig = `export default {
  resolve: { conditions: ["@umbel/source"] },
  ssr: { resolve: { conditions: ["@umbel/source"], externalConditions: ["@umbel/source"] } },
};
`;

beforeAll(async () => {
  folder = await mkdtemp(join(root, "test/.program-"));
  const page = await readFile(join(root, "docs/testing.md"), "utf8");
  program = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const readme = await readFile(join(root, "README.md"), "utf8");
  await writeFile(join(folder, "shop.ts"), /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "");
  await writeFile(join(folder, "vitest.config.mjs"), vitestConfig);
  await writeFile(join(folder, "vitest.test.ts"), program);
  await writeFile(join(folder, "bun.test.ts"), program.replace('from "vitest"', 'from "bun:test"'));
  await writeFile(join(folder, "deno.test.ts"), program.replace(/^import \{ test \}.*$/m, "const test = Deno.test;"));
});

afterAll(async () => await rm(folder, { recursive: true }));

it("is fifteen lines at most", () => {
  expect(program.trimEnd().split("\n").length).toBeLessThanOrEqual(15);
});

it.each([
  ["vitest", [join(bin, "vitest"), "run", "--root", ".", "vitest.test.ts"], /1 passed/],
  ["bun test", [join(bin, "bun"), "--conditions=@umbel/source", "test", "./bun.test.ts"], /1 pass/],
  [
    "deno test",
    [join(bin, "deno"), "test", "-A", "--conditions=@umbel/source", "--no-check", "deno.test.ts"],
    /ok \| 1 passed/,
  ],
])("runs under %s", async (_, [file = "", ...args], passed) => {
  const { stdout, stderr } = await promisify(execFile)(file, args, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1" },
  });

  expect(stdout + stderr).toMatch(passed);
});
