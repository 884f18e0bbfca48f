import { type ServedGateway, serveGateway } from "@umbel/gateway";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Whatever runs this test. */
const node = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));

describe("the program in the README", () => {
  let gateway: ServedGateway;
  beforeAll(async () => {
    const anywhere = { port: 0, restPort: 0, environment: () => undefined };
    gateway = await serveGateway({ data: ":memory:", ...anywhere, log: () => {} });
  });
  afterAll(() => gateway.close());

  it.each([
    { name: "memory", prints: "3" },
    { name: "qstash", prints: "true" },
    { name: "upstash-redis", prints: "hello" },
  ])("of $name prints what it says", async ({ name, prints }) => {
    const folder = new URL(`../../packages/${name}/`, import.meta.url);
    const readme = await readFile(new URL("README.md", folder), "utf8");
    const [, program = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];

    const words = ["--conditions=@umbel/source", "--input-type=module-typescript", "--eval", program];
    const { stdout } = await promisify(execFile)(node, words, { cwd: folder, env: gateway.variables });

    expect(stdout).toBe(`${prints}\n`);
    expect(program).toContain(`// ${prints}`);
  });
});
