import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { runtimes, startProgram } from "@umbel/test/running-program";
import { describe, expect, it, onTestFinished } from "vitest";

const chromium = "/usr/bin/chromium";
const hasChromium = spawnSync(chromium, ["--version"]).status === 0;

if (!hasChromium) {
  const advice = "Chromium is missing: apt-get install chromium";
  if (process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(advice);
  console.warn(`Skipped tests: ${advice}`);
}

/** The page as it stands in a browser once its scripts have run for a while. */
async function pageIn(url: string): Promise<string> {
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", "--dump-dom"];
  const { stdout } = await promisify(execFile)(chromium, [...flags, url], { timeout: 300_000, maxBuffer: 2 ** 24 });
  return stdout;
}

describe.runIf(hasChromium)("the web page in a browser", () => {
  it("follows a crawl to its end: states by task, troubles, the summary", { timeout: 900_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "umbel-page-"));
    const starter = startProgram([...runtimes.bun, "apps/demo/src/main.ts", "--out", folder]);
    onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
    const [, url = ""] = await starter.until(/Follow it at (\S+)[\s\S]*Done in/, 300);

    const page = await pageIn(url);

    expect(page).toContain('<p id="state" role="status" class="SUCCESS">Done</p>');
    expect(page).toMatch(/<p id="summary">\d+ pages in 4 levels, \d+ links, 2 retries, 1 failed, 1 rejected\.<\/p>/);
    expect(page).toContain("this-page-is-missing.md answers 404 Not Found");
    expect(page).toContain("There is no host no-such-host.invalid");
  });
});
