import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { repository } from "./child.ts";

/** Starting everything costs seconds, and the figures are no promise: often enough, once in the full level. */
const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";

describe.skipIf(!isFull)("the bench", () => {
  it("gives a line of JSON for each figure that was asked for", async () => {
    const args = ["run", "--silent", "bench", "--", "--quick", "--json", "--only", "tasks", "--only", "chord"];

    const values = { embedded: expect.any(Number) };
    const { stdout } = await promisify(execFile)("npm", args, { cwd: repository });

    const [about, ...lines] = stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(about).toMatchObject({ cores: expect.any(Number), umbel: expect.stringContaining("Bun") });
    const chords = ["chord100", "chord1000", "chord10000"].flatMap((figure) => [
      { figure, values },
      { figure: `${figure}-memory`, values },
      { figure: `${figure}-redis`, values: { redis: expect.any(Number) } },
    ]);
    expect(lines).toMatchObject([{ figure: "tasks", values }, { figure: "cpu", values }, ...chords]);
  });
});
