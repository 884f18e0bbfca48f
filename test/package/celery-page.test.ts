/**
 * docs/celery.md maps every public name that the real Celery has, as Python lists them; what it names of ours exists, and
 * each test that it points at is there and speaks of it.
 */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as umbel from "umbel";
import { GroupResult, ResultSet, Signal, Umbel } from "umbel";

import { beforeAll, describe, expect, it } from "vitest";
import { hasPythonCelery, runPython } from "../python-celery.ts";
import { repository } from "../running-program.ts";

const page = readFileSync(join(repository, "docs/celery.md"), "utf8");

/** A row of a table: the names in its first cell, what stands for them here, and where that is shown. */
interface Row {
  readonly section: string;
  readonly names: readonly string[];
  readonly here: string;
  readonly tests: readonly string[];
}

const rows = page.split(/^## /m).slice(1).flatMap(rowsOf);

function rowsOf(text: string): readonly Row[] {
  const [section = ""] = text.split("\n", 1);
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) => {
    const [, names = "", here = "", tests = ""] = line.replaceAll("\\|", "\u0000").split("|");
    return {
      section,
      names: spansIn(names),
      here,
      tests: [...tests.matchAll(/\]\(([^)]+)\)/g)].map(([, path = ""]) => path),
    };
  });
}

function spansIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span.replaceAll("\u0000", "|"));
}

/** What Python's package has, by section of the page. */
const listNames = `
import json
import celery.canvas, celery.exceptions, celery.result, celery.signals, celery.states
from celery import Celery
from celery.app.task import Context, Task
from celery.utils.dispatch import Signal

def public(*types):
    return sorted({name for each in types for name in dir(each) if not name.startswith("_")})

def own(*types):
    return sorted(set(public(*types)) - set(dir(dict)))

print(json.dumps({
    "The application": public(Celery),
    "A task": public(Task),
    "The running call": public(Context),
    "Canvas": own(celery.canvas.Signature, celery.canvas.chain, celery.canvas.group, celery.canvas.chord,
                  celery.canvas.chunks, celery.canvas.xmap) + list(celery.canvas.__all__),
    "Results": public(celery.result.AsyncResult, celery.result.ResultSet, celery.result.GroupResult,
                      celery.result.EagerResult),
    "Signals": public(Signal) + list(celery.signals.__all__),
    "Errors": list(celery.exceptions.__all__),
    "States": list(celery.states.__all__),
}))
`;

describe.runIf(hasPythonCelery)("Celery's names", () => {
  let inCelery: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    const [names] = await runPython(listNames, []);
    inCelery = new Map(Object.entries(listsOf(names)));
  });

  it.for(["The application", "A task", "The running call", "Canvas", "Results", "Signals", "Errors", "States"])(
    "are all on the page: %s",
    (section) => {
      const onPage = new Set(rows.filter((row) => row.section === section).flatMap((row) => row.names));
      const names = inCelery.get(section) ?? [];

      expect(names.length).toBeGreaterThan(5);
      expect(names.filter((name) => !onPage.has(name))).toEqual([]);
    },
  );
});

function listsOf(value: unknown): Readonly<Record<string, readonly string[]>> {
  if (typeof value !== "object" || value === null) throw new Error("Python has listed nothing");
  return Object.fromEntries(Object.entries(value).map(([section, names]) => [section, [names].flat().map(String)]));
}

describe("what stands for them here", () => {
  it("exists", async () => {
    const members = await ourMembers();
    const named = rows.flatMap(({ here }) => spansIn(here)).flatMap((span) => memberIn(span));

    expect(named.length).toBeGreaterThan(100);
    expect(
      named.filter(([owner, member]) => members.get(owner)?.has(member) !== true).map((each) => each.join(".")),
    ).toEqual([]);
  });

  it("is shown by tests that are there", () => {
    const tests = new Set(rows.flatMap((row) => row.tests));

    expect([...tests].filter((path) => !existsSync(join(repository, "docs", path)))).toEqual([]);
  });

  it.for(rows.filter((row) => row.tests.length > 0).map((row) => [row.names.join(", "), row] as const))(
    "is spoken of in the test: %s",
    ([, row]) => {
      const spoken = row.tests.map((path) => readFileSync(join(repository, dirname("docs/celery.md"), path), "utf8"));
      const members = spansIn(row.here).map((span) => /(\w+)\W*$/.exec(span.replace(/\(.*/s, ""))?.[1] ?? span);

      expect(members.some((member) => spoken.some((text) => text.includes(member)))).toBe(true);
    },
  );
});

/** `result.get()` names a member of a handle. */
function memberIn(span: string): readonly (readonly [owner: string, member: string])[] {
  const [, owner, member = ""] =
    /^(app|conf|task|add|sig|result|group|set|request|signal|umbel)\.(\w+)/.exec(span) ?? [];
  return owner === undefined ? [] : [[owner, member]];
}

async function ourMembers(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const app = new Umbel("shop");
  const look = app.task({ name: "shop.look", bind: true }, (task) => [Object.keys(task), Object.keys(task.request)]);
  const add = app.task("shop.add", (x: number) => x);
  const [task = [], request = []] = await look();
  return new Map([
    ["app", membersOf(app)],
    ["conf", membersOf(app.conf)],
    ["task", new Set(task)],
    ["request", new Set(request)],
    ["add", membersOf(add)],
    ["sig", membersOf(add.s(1))],
    ["result", membersOf(app.result("id"))],
    ["group", membersOf(new GroupResult(undefined, "id", { results: [] }))],
    ["set", membersOf(new ResultSet([]))],
    ["signal", membersOf(new Signal("signal"))],
    ["umbel", new Set(Object.keys(umbel))],
  ]);
}

/** Names of an object's own members and of its class's. */
function membersOf(value: object): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at: unknown = value; at instanceof Object && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  }
  return names;
}
