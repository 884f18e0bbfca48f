/** The programs of examples/ print what their READMEs show: workers and callers as processes, beside a gateway. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Doorway, openDoorway } from "../doorway.ts";
import { openGateway } from "../gateway.ts";
import { poll, repository, type RunningProgram, runtimes, startProgram } from "../running-program.ts";

/** How the READMEs start a program, and how it is started here. */
const starts: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "npx bun --conditions=@umbel/source": runtimes.bun,
  "npm run umbel --": [...runtimes.bun, "packages/cli/src/bin.ts"],
};

/** The ports that the READMEs name: workers listen on others here, and are reached through these. */
const ports = ["8787", "8788"] as const;

describe("the example of", () => {
  it.each(["signals", "callbacks", "request", "results", "canvas-guide"])(
    "%s prints what its README shows",
    async (example) => {
      const { text, setup, shown } = await readmeOf(example);
      const { run, serve } = await stage();
      const workers = new Map<string, RunningProgram>();
      for (const command of setup.filter((each) => each.includes(" worker")))
        workers.set(command, await serve(command));

      const programs = shown.filter(({ command }) => !workers.has(command));
      const printed = await Promise.all(programs.map(async ({ command }) => await run(command)));

      expect(printed.map(withoutChance)).toEqual(programs.map(({ output }) => withoutChance(`${output}\n`)));
      for (const [command, worker] of workers) {
        const expected = withoutChance(
          shown.find((each) => each.command === command)?.output.slice("…\n".length) ?? "",
        );
        const stories = () => storiesIn(withoutChance(behindBanner(worker.output())), expected);
        await poll(60, () => stories().every(({ told, all }) => all.includes(told)));
        for (const { told, all } of stories()) expect(all).toContain(told);
      }

      const files = await readdir(join(repository, "examples", example, "src"));
      expect(files.filter((file) => !text.includes(`src/${file}`))).toEqual([]);
    },
  );
});

/** Without what a worker says before it serves, which names its tasks as well. */
function behindBanner(printed: string): string {
  return printed.replace(/^[^]*?\n\[tasks\]\n(?: {2}\. .*\n)*/, "");
}

/** What is told of a task, and where that is to be found. */
interface Story {
  readonly told: string;
  readonly all: string;
}

/**
 * What is told of each task, and all that a worker has printed of it. Their order is another matter: whoever waits for a task
 * hears of its end when that is stored, and may send the next one before the worker has told all of the first.
 */
function storiesIn(printed: string, expected: string): readonly Story[] {
  const logged = [...expected.matchAll(/ Task (\S+?)\[/g)].map(([, name = ""]) => name);
  const names = [...new Set(logged)].toSorted((one, other) => other.length - one.length);
  const all = linesByName(printed, names);
  return Array.from(linesByName(expected, names), ([name, told]) => ({ told, all: all.get(name) ?? "" }));
}

/** Lines by the task that they name; one that names none goes on with the line before. */
function linesByName(text: string, names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let current = "";
  for (const line of text.split("\n")) {
    current = names.find((name) => line.includes(name)) ?? current;
    found.set(current, `${found.get(current) ?? ""}${line}\n`);
  }
  return found;
}

/** A README; the commands to begin with, and for each program, or worker, what it is shown to print. */
async function readmeOf(example: string) {
  const text = await readFile(join(repository, "examples", example, "README.md"), "utf8");
  const [, setup = ""] = /```sh\n([^]*?)```/.exec(text) ?? [];
  const consoles = text.matchAll(/```console\n\$ (.*)\n([^]*?)\n```/g);
  return {
    text,
    setup: setup.split("\n"),
    shown: [...consoles].map(([, command = "", output = ""]) => ({ command, output })),
  };
}

/** A gateway, and how commands are run beside it. */
async function stage() {
  const gateway = await openGateway();
  onTestFinished(async () => await gateway.close());
  const doorAt = await openDoors();

  const start = (command: string, port: string) => {
    const [, assigned = "", starter = "", words = ""] = commandForm.exec(command) ?? [];
    const [first, ...rest] = starts[starter] ?? [];
    if (first === undefined) throw new Error(`A README starts a program in another way: ${command}`);
    const variables = assigned.replace(/http:\/\/127\.0\.0\.1:(\d+)/g, (_, each: string) => doorAt(each).url);
    return startProgram([first, ...rest, ...words.split(" ")], {
      ...gateway.variables,
      UMBEL_WORKER_URL: doorAt(port).url,
      ...variablesIn(variables),
    });
  };
  return {
    /** All that a program prints. */
    run: async (command: string) => {
      const program = start(command, "8787");
      await program.endsWith(0);
      return program.output();
    },
    /** Starts a worker, and leads its port to it. */
    serve: async (command: string) => {
      const [asked = "", port = "8787"] = / --port (\d+)/.exec(command) ?? [];
      const worker = start(`${command.replace(asked, "")} --port 0`, port);
      const [, listensAt] = await worker.until(/served at: +http:\/\/127\.0\.0\.1:(\d+)\n/);
      doorAt(port).leadTo(Number(listensAt));
      return worker;
    },
  };
}

async function openDoors(): Promise<(port: string) => Doorway> {
  const doors = new Map<string, Doorway>();
  for (const port of ports) doors.set(port, await openDoorway());
  onTestFinished(async () => void (await Promise.all([...doors.values()].map(async (door) => await door.close()))));
  return (port) => {
    const door = doors.get(port);
    if (door === undefined) throw new Error(`A README names the port ${port}: add it here`);
    return door;
  };
}

/** Variables, what starts the program, and its words. */
const commandForm = /^((?:\w+='[^']*' )*)(npx bun --conditions=@umbel\/source|npm run umbel --) (.*)$/;

function variablesIn(assigned: string): Record<string, string> {
  return Object.fromEntries(
    [...assigned.matchAll(/(\w+)='([^']*)'/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

/** The same text with what differs from run to run made the same: ids are numbered as they come, times are left out. */
function withoutChance(text: string): string {
  const ids: string[] = [];
  return text
    .replaceAll(repository, "")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}Z/g, "TIME")
    .replace(/ in [\d.]+s:/g, " in SECONDS:")
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, "ADDRESS")
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => {
      if (!ids.includes(id)) ids.push(id);
      return `ID${ids.indexOf(id)}`;
    });
}
