/** The first program of each package's README runs as it stands, and prints what its comments say. */

import type { ServedGateway } from "@umbel/gateway";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openGateway } from "../gateway.ts";
import { repository } from "../running-program.ts";
import { programIn } from "./program-in.ts";

/** Whatever runs this test. */
const node = join(repository, "node_modules/.bin/node");

describe("the program in the README", () => {
  let gateway: ServedGateway;
  beforeAll(async () => void (gateway = await openGateway()));
  afterAll(() => gateway.close());

  it.each([
    {
      name: "canvas",
      prints: ["tasks.add(2, 2) | chord([tasks.add(4), tasks.add(8)], tasks.sum())", "root root/0"],
    },
    { name: "events", prints: ["SUCCESS { args: '(2, 3)', result: '5', runtime: 0.7 }", "[ 'celery@host' ]"] },
    { name: "memory", prints: ["3"] },
    { name: "protocol", prints: ["SUCCESS 5"] },
    { name: "qstash", prints: ["true"] },
    { name: "signals", prints: ["shop 12", "true"] },
    { name: "testing", prints: ["8"] },
    { name: "upstash-redis", prints: ["hello"] },
  ])("of $name has at most fifteen lines, and prints what it says", async ({ name, prints }) => {
    const folder = join(repository, "packages", name);
    const program = await programIn(`packages/${name}/README.md`);

    const words = ["--conditions=@umbel/source", "--input-type=module-typescript", "--eval", program];
    const { stdout } = await promisify(execFile)(node, words, { cwd: folder, env: gateway.variables });

    expect(stdout.trimEnd().split("\n")).toEqual(prints);
    for (const line of prints) expect(program).toContain(`); // ${line}\n`);
    expect(program.trim().split("\n").length).toBeLessThanOrEqual(15);
  });
});
