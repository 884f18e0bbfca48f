import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** What tblib takes for a frame. */
const pythonFrame = /^ {2}File "(?<file>.+)", line (?<line>\d+)(?:, in (?<name>.+))?$/;

const program = fileURLToPath(new URL("throwing.ts", import.meta.url));

it.each(["node", "bun", "deno"])("what %s really throws is read frame by frame", (runtime) => {
  const command = fileURLToPath(new URL(`../../../node_modules/.bin/${runtime}`, import.meta.url));
  const words = runtime === "deno" ? ["run", "-A", program] : [program];

  const { stdout, status } = spawnSync(command, words, { encoding: "utf8" });

  const lines = stdout.trimEnd().split("\n");
  expect(status).toBe(0);
  expect(lines.at(-1)).toBe("TypeError: no such page");
  expect(lines.slice(1, -1).every((line) => pythonFrame.test(line))).toBe(true);
  const [outer, inner] = [/in .*outer/, /in inner/].map((name) => lines.findIndex((line) => name.test(line)));
  expect(outer).toBeGreaterThan(0);
  expect(inner).toBeGreaterThan(outer ?? 0);
});
