/** Secrets are compared in a time that tells nothing: by the structure of the sources, since a clock here proves little. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** The sources of all packages, by their paths. Nothing else is looked at: beside them tests make folders, and remove them. */
const sources = readdirSync(packages)
  .flatMap((name) => filesIn(`${name}/src`))
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path, text: readFileSync(`${packages}${path}`, "utf8") }));

function filesIn(folder: string): readonly string[] {
  const names = readdirSync(`${packages}${folder}`, { recursive: true, encoding: "utf8" });
  return names.map((name) => `${folder}/${name}`);
}

/** What a secret, or the proof of one, is called where it is compared. */
const secretNames = String.raw`(?:\w*[tT]oken|\w*[sS]ignature|\w*[sS]ecret|bearer|expected)`;

describe("a secret", () => {
  it("is compared by no operator and no search", () => {
    const operator = new RegExp(String.raw`\b${secretNames} (?:===|!==|==|!=) (?!undefined|null|""|development)\w`);
    const search = new RegExp(String.raw`\.(?:includes|startsWith|endsWith|indexOf)\(${secretNames}\b`);
    // The first compares its own setting with a public constant; the others a claim's token, which says that a request was
    // sent twice and opens nothing.
    const claims = ["memory/src/record.ts", "memory/src/deliveries.ts", "upstash-redis/src/scripts/claim.ts"];
    const allowed = new Set(["gateway/src/serve.ts", ...claims]);

    const found = sources.filter(({ path, text }) => !allowed.has(path) && (operator.test(text) || search.test(text)));

    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it.each([
    { where: "worker/src/result-access.ts", by: "isSameSecret(" },
    { where: "worker/src/link.ts", by: "isSameSecret(" },
    { where: "core/src/bearer.ts", by: "isSameSecret(" },
    { where: "beat/src/caller.ts", by: "refusalWithout(" },
    { where: "control/src/routes.ts", by: "refusalWithout(" },
    { where: "events/src/event-routes.ts", by: "refusalWithout(" },
    { where: "memory/src/signature.ts", by: 'subtle.verify("HMAC"' },
    { where: "qstash/src/verify.ts", by: "receiver.verify(" },
    { where: "gateway/src/http/bearer.ts", by: "timingSafeEqual(" },
  ])("is compared in $where by $by", ({ where, by }) => {
    expect(sources.find(({ path }) => path === where)?.text).toContain(by);
  });
});
