import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** Whatever runs this test. */
const node = fileURLToPath(new URL("../../../node_modules/.bin/node", import.meta.url));

it("has a program of at most fifteen lines that runs", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const program = /```ts\n(?<code>[\s\S]*?)```/.exec(readme)?.groups?.["code"] ?? "";
  const source = new URL("../src/index.ts", import.meta.url).href;
  const folder = mkdtempSync(join(tmpdir(), "umbel-readme-"));
  const file = join(folder, "program.ts");

  writeFileSync(file, program.replace("@umbel/protocol", source));
  const { stdout, stderr } = spawnSync(node, [file], { encoding: "utf8" });
  rmSync(folder, { recursive: true });

  expect(program.trim().split("\n").length).toBeLessThanOrEqual(15);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({ status: "SUCCESS", result: 5, task_id: "order-7" });
});
