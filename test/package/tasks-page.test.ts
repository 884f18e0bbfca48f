/** docs/tasks.md has every option that the code knows, and no other; each setting's default is the one that holds. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { repository } from "../running-program.ts";

const page = text("docs/tasks.md");

/** The rows of the table under a heading, a text for each cell. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const [, section = ""] = page.split(`## ${heading}\n`);
  const [table = ""] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  const lines = table.trim().split("\n").slice(2);
  return lines.map((line) =>
    line
      .split("|")
      .map((cell) => cell.trim().replaceAll("`", ""))
      .slice(1, -1),
  );
}

/** The first column of a table. */
function namesUnder(heading: string): readonly string[] {
  return rowsUnder(heading).map(([name = ""]) => name);
}

/** The names in the list that the compiler holds to a type. */
function namesIn(file: string): readonly string[] {
  const [, list = ""] = /const optionNames = Object\.keys\(\{(.*?)\}/s.exec(text(`packages/core/src/${file}`)) ?? [];
  return [...list.matchAll(/(\w+): true/g)].map(([, name = ""]) => name);
}

/** The options of a call, in the record that the compiler holds to their type. */
function callOptions(): readonly string[] {
  const [, record = ""] = /optionKinds: .*? = \{\n(.*?)\n\}/s.exec(text("packages/core/src/call-options.ts")) ?? [];
  return [...record.matchAll(/^ *(\w+): /gm)].map(([, name = ""]) => name);
}

function text(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}

describe("the page of options", () => {
  it("has every option of a task", () => {
    expect(namesIn("declare.ts").length).toBeGreaterThan(15);
    expect(namesUnder("Options of a task").toSorted()).toEqual(namesIn("declare.ts").toSorted());
  });

  it("has every option of a call", () => {
    expect(namesUnder("Options of a call").toSorted()).toEqual(callOptions().toSorted());
  });

  it("has every setting, with the default that holds", () => {
    const conf: object = JSON.parse(JSON.stringify(new Umbel("shop").conf));
    const adapters = ["broker", "backend", "env", "log", "platform", "eager"];
    const rows = rowsUnder("Settings of an application").filter(([name = ""]) => !adapters.includes(name));

    expect(namesUnder("Settings of an application").slice(0, adapters.length)).toEqual(adapters);
    expect(Object.fromEntries(rows.map(([name, , value]) => [name, value]))).toEqual(
      Object.fromEntries(Object.entries(conf).map(([name, value]) => [name, JSON.stringify(value)])),
    );
  });

  it("has everything that a running call offers", async () => {
    const app = new Umbel("shop");
    const members = app.task({ name: "shop.look", bind: true }, (task) => Object.keys(task));

    const names = namesUnder("The running call").map((name) => name.replace(/\(.*/, ""));

    expect(names.toSorted()).toEqual([...(await members())].toSorted());
  });

  it("is linked from where a reader begins", () => {
    expect(text("README.md")).toContain("(docs/tasks.md)");
    expect(text("packages/core/README.md")).toContain("(../../docs/tasks.md)");
  });
});
