/** docs/tasks.md has every option that the code knows, and no other; each setting's default is the one that holds. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { repository } from "../running-program.ts";

const page = text("docs/tasks.md");

/** The rows of the table under a heading, a text for each cell. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  return rowsIn(page.split(`## ${heading}\n`)[1] ?? "");
}

/** The rows of the first table in a text. */
function rowsIn(section: string): readonly (readonly string[])[] {
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

/** The options of a task, in the two lists that the compiler holds to their types. */
function taskOptions(): readonly string[] {
  const own = text("packages/core/src/declare.ts").matchAll(/^ *(\w+): true,$/gm);
  const [, record = ""] = /sharedKinds: .*? = \{\n(.*?)\n\}/s.exec(text("packages/core/src/option-kinds.ts")) ?? [];
  return [...own, ...record.matchAll(/^ *(\w+): /gm)].map(([, name = ""]) => name);
}

/** Options of a task in Celery: its attributes, and what sets them from outside (semantics 1.2). */
const celerys =
  `name bind base typing max_retries default_retry_delay autoretry_for dont_autoretry_for retry_kwargs retry_backoff
  retry_backoff_max retry_jitter rate_limit time_limit soft_time_limit ignore_result store_errors_even_if_ignored
  store_eager_result acks_late acks_on_failure_or_timeout acks_on_failure acks_on_timeout reject_on_worker_lost
  track_started throws priority expires queue exchange routing_key exchange_type delivery_mode serializer compression trail
  send_events resultrepr_maxsize shadow_name backend Strategy Request pydantic pydantic_strict pydantic_context
  pydantic_dump_kwargs abstract annotations`.split(/\s+/);

/** The options of a call, in the record that the compiler holds to their type. */
function callOptions(): readonly string[] {
  const [, record = ""] = /optionKinds: .*? = \{\n(.*?)\n\}/s.exec(text("packages/core/src/call-options.ts")) ?? [];
  return [...record.matchAll(/^ *(\w+): /gm)].map(([, name = ""]) => name);
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function text(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}

describe("the page of options", () => {
  it("has every option of a task", () => {
    expect(taskOptions().length).toBeGreaterThan(30);
    expect(namesUnder("Options of a task").toSorted()).toEqual(taskOptions().toSorted());
  });

  it("answers for every option of a task in Celery, by options and settings that there are", () => {
    const rows = rowsUnder("Celery's options of a task");
    const conf = Object.keys(new Umbel("shop").conf);
    const ours = rows.flatMap(([, here = ""]) => here.split(/, (?:and )?/)).filter((each) => each !== "none");
    const known = new Set([...taskOptions(), ...conf.map((name) => `the setting ${name}`)]);
    const told = rows.map(([name]) => name);

    // Those that are the same in camelCase need no row.
    expect(told).toEqual(celerys.filter((name) => !known.has(camel(name)) || told.includes(name)));
    expect(ours.filter((name) => !known.has(name))).toEqual([]);
    expect(rows.filter(([, here, why]) => here === "none" && why === "")).toEqual([]);
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

  it("has every field of a request", async () => {
    const app = new Umbel("shop");
    const fields = app.task({ name: "shop.fields", bind: true }, ({ request }) => Object.keys(request));

    const names = rowsIn(page.split("### The request\n")[1] ?? "")
      .map(([cell = ""]) => cell)
      .flatMap((cell) => cell.split(", "));

    expect(names.toSorted()).toEqual([...(await fields())].filter((name) => name !== "toString").toSorted());
  });

  it("can be read as text: no cell of a table is long", () => {
    const cells = page
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .flatMap((line) => line.split("|"));

    expect(cells.filter((cell) => cell.trim().length > 100)).toEqual([]);
  });

  it("is linked from where a reader begins", () => {
    expect(text("README.md")).toContain("(docs/tasks.md)");
    expect(text("packages/core/README.md")).toContain("(../../docs/tasks.md)");
  });
});
