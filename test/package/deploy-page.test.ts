/** docs/deploy.md's commands give each part what its table says, out of the README's file of variables. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { repository } from "../running-program.ts";

const page = await readFile(join(repository, "docs/deploy.md"), "utf8");
const readme = await readFile(join(repository, "README.md"), "utf8");

/** The table's variables, and for each part whether it needs them. */
const needs = [...page.matchAll(/^\| (`[A-Z_]+`.*?) +\|(.*)\|$/gm)].flatMap(([, names = "", marks = ""]) => {
  const has = marks.split("|").map((mark) => mark.trim() === "✓");
  return [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name = ""]) => ({ name, has }));
});

it.each(["worker", "web", "beat", "gateway"])("gives the %s the variables that the table says", async (part) => {
  const folder = await mkdtemp(join(tmpdir(), "umbel-variables-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  await writeFile(join(folder, ".env.production"), needs.map(({ name }) => `${name}=a=b=\n`).join(""));
  const [, commands = ""] = /```sh\n(broker=.*?)```/s.exec(page) ?? [];

  await promisify(execFile)("bash", ["-euc", commands], { cwd: folder });

  const column = ["worker", "web", "beat", "gateway"].indexOf(part);
  const wanted = needs.filter(({ has }) => has[column]).map(({ name }) => `${name}=a=b=`);
  expect(wanted.length).toBeGreaterThan(5);
  expect((await readFile(join(folder, `.env.${part}`), "utf8")).trim().split("\n")).toEqual(wanted);
});

it("knows every variable of the README's file and of its settings", () => {
  const [, file = ""] = /cat > \.env\.production <<'EOF'\n(.*?)EOF/s.exec(readme) ?? [];
  const [, settings = ""] = readme.split("## Settings\n");
  const inFile = [...file.matchAll(/^([A-Z_]+)=/gm)].map(([, name = ""]) => name);
  const inSettings = [...settings.matchAll(/^\| (`[A-Z_]+`.*?) +\|/gm)].flatMap(([, names = ""]) =>
    [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name = ""]) => name),
  );

  expect(inFile.length).toBeGreaterThan(8);
  expect(needs.map(({ name }) => name)).toEqual(expect.arrayContaining([...inFile, ...inSettings]));
});
