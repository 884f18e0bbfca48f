import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** A mistake that the page shows, and what it says the compiler says. */
interface Mistake {
  readonly file: string;
  readonly title: string;
  readonly code: string;
  readonly message: string;
}

const page = await readFile(pathOf("docs/canvas-types.md"), "utf8");
const [, preamble = ""] = /```ts\n(.*?)```/su.exec(page) ?? [];
const mistakes = mistakesIn(page);
const folder = await mkdtemp(join(tmpdir(), "umbel-messages-"));

describe("docs/canvas-types.md", () => {
  let output = "";

  beforeAll(async () => {
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config()));
    await Promise.all(mistakes.map(async ({ file, code }) => await writeFile(join(folder, file), preamble + code)));
    output = compile();
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it("shows mistakes", () => {
    expect(mistakes.length).toBeGreaterThanOrEqual(5);
  });

  it.each(mistakes)("says of $title what the compiler says", ({ file, message }) => {
    expect(messageIn(output, file)).toBe(message);
  });
});

function mistakesIn(text: string): readonly Mistake[] {
  const found = text.matchAll(/### (.*?)\n(?:(?!###).)*?```ts\n(.*?)```\n\n```text\n(.*?)```/gsu);
  return [...found].map(([, title = "", code = "", message = ""], index) => ({
    file: `mistake${index}.mts`,
    title,
    code,
    message: message.trimEnd(),
  }));
}

/** As a user has it: strict, and nothing more. */
function config(): object {
  return {
    extends: pathOf("tsconfig.base.json"),
    compilerOptions: {
      noEmit: true,
      isolatedDeclarations: false,
      noUnusedLocals: false,
      exactOptionalPropertyTypes: false,
      paths: {
        umbel: [pathOf("packages/umbel/src/index.ts")],
        "zod/mini": [pathOf("node_modules/zod/mini/index.d.ts")],
      },
    },
    include: ["."],
  };
}

function compile(): string {
  const compiler = pathOf("node_modules/typescript/bin/tsc");
  return spawnSync(process.execPath, [compiler, "--pretty", "false", "-p", folder], { encoding: "utf8" }).stdout;
}

/** What is said about a file, without the places: each message, and the lines that are indented under it. */
function messageIn(text: string, file: string): string {
  const found = text.matchAll(new RegExp(`${file}\\(\\d+,\\d+\\): error TS\\d+: (.*(?:\\n  .*)*)`, "gu"));
  return [...found].map(([, message = ""]) => message).join("\n");
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}
