/** The programs print what the README shows. */

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../", import.meta.url));
const node = fileURLToPath(new URL("../../../node_modules/.bin/node", import.meta.url));
const flags = ["--conditions=@umbel/source", "--disable-warning=ExperimentalWarning"];
const readme = await readFile(`${folder}README.md`, "utf8");

/** Each command, and what it is shown to print. */
const shown = [...readme.matchAll(/```console\n\$ node --conditions=@umbel\/source (.*)\n([^]*?)\n```/g)].map(
  ([, command = "", output = ""]) => ({
    command,
    output,
  }),
);

describe.concurrent("the README", () => {
  it("shows every program", () => {
    const programs = new Set(shown.map(({ command }) => command.split(" ")[0]));

    expect(programs).toEqual(new Set(["src/scenario.ts", "src/late.ts", "src/handlers.ts", "src/custom-event.ts"]));
  });

  it.each(shown)("shows what node $command prints", async ({ command, output }) => {
    const { stdout } = await promisify(execFile)(node, [...flags, ...command.split(" ")], { cwd: folder });

    // An ellipsis stands for lines that are left out.
    const part = expect.stringContaining(output.replaceAll("…", ""));
    expect(stdout).toEqual(output.startsWith("…") ? part : `${output}\n`);
  });
});
