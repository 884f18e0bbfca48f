import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** What tblib takes for a frame. */
const pythonFrame = /^ {2}File "(?<file>.+)", line (?<line>\d+)(?:, in (?<name>.+))?$/;

const program = fileURLToPath(new URL("throwing.ts", import.meta.url));

it.each(["node", "bun", "deno"])(
  "what a body really throws on %s is read frame by frame, from the body on",
  (runtime) => {
    const command = fileURLToPath(new URL(`../../../node_modules/.bin/${runtime}`, import.meta.url));
    const words = runtime === "deno" ? ["run", "-A", program] : [program];

    const { stdout, status } = spawnSync(command, words, { encoding: "utf8" });

    expect(status).toBe(0);
    const tracebacks = stdout.trimEnd().split("Traceback (most recent call last):\n").slice(1);
    expect(tracebacks).toHaveLength(2);
    for (const traceback of tracebacks) {
      const lines = traceback.trimEnd().split("\n");
      expect(lines.at(-1)).toBe("TypeError: no such page");
      expect(lines.slice(0, -1).every((line) => pythonFrame.test(line))).toBe(true);
      expect(lines[0]).toMatch(/in .*outer/);
      expect(lines.findIndex((line) => line.endsWith("in inner"))).toBeGreaterThan(0);
    }
  },
);
