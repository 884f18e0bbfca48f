/** The programs of examples/ print what their READMEs show: workers and callers as processes, beside a gateway. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Doorway, openDoorway } from "../doorway.ts";
import { openGateway } from "../gateway.ts";
import { poll, repository, runtimes, startProgram } from "../running-program.ts";

/** How the READMEs start a program, and how it is started here. */
const starts: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "npx bun --conditions=@umbel/source": runtimes.bun,
  "npm run umbel --": [...runtimes.bun, "packages/cli/src/bin.ts"],
};

/** The ports that the READMEs name: workers listen on others here, and are reached through these. */
const ports = ["8787", "8788"] as const;

describe("the example of", () => {
  it.each(["signals", "callbacks", "request"])("%s prints what its README shows", async (example) => {
    const { run, serve } = await stage();
    const shown = await consolesOf(example);
    const outputs: (() => string)[] = [];

    for (const { command } of shown.filter(isWorker)) outputs.push(await serve(command));
    for (const { command, output } of shown.filter((each) => !isWorker(each)))
      expect(withoutChance(await run(command))).toBe(withoutChance(`${output}\n`));

    for (const [index, { output }] of shown.filter(isWorker).entries()) {
      const expected = withoutChance(output.replace("…\n", ""));
      await poll(5, () => withoutChance(outputs[index]?.() ?? "").includes(expected));
      expect(withoutChance(outputs[index]?.() ?? "")).toContain(expected);
    }
  });
});

/** A command, and what it is shown to print; an ellipsis stands for the worker's banner. */
interface Console {
  readonly command: string;
  readonly output: string;
}

async function consolesOf(example: string): Promise<readonly Console[]> {
  const readme = await readFile(join(repository, "examples", example, "README.md"), "utf8");
  return [...readme.matchAll(/```console\n\$ (.*)\n([^]*?)\n```/g)].map(([, command = "", output = ""]) => ({
    command,
    output,
  }));
}

function isWorker({ command }: Console): boolean {
  return command.includes(" worker");
}

/** A gateway, and how commands are run beside it. */
async function stage() {
  const gateway = await openGateway();
  onTestFinished(async () => await gateway.close());
  const doors = await Promise.all(ports.map(async (port) => [port, await openDoorway()] as const));
  onTestFinished(async () => void (await Promise.all(doors.map(async ([, door]) => await door.close()))));
  const doorAt = (port: string): Doorway => {
    const found = doors.find(([each]) => each === port);
    if (found === undefined) throw new Error(`A README names the port ${port}: add it here`);
    return found[1];
  };

  const start = (command: string, port: string) => {
    const [, assigned = "", starter = "", words = ""] = commandForm.exec(command) ?? [];
    const [first, ...rest] = starts[starter] ?? [];
    if (first === undefined) throw new Error(`A README starts a program in another way: ${command}`);
    const address = (text: string) =>
      text.replace(/http:\/\/127\.0\.0\.1:(\d+)/g, (_, each: string) => doorAt(each).url);
    return startProgram([first, ...rest, ...words.split(" ")], {
      ...gateway.variables,
      UMBEL_WORKER_URL: doorAt(port).url,
      ...variablesIn(address(assigned)),
    });
  };
  return {
    /** All that a program prints. */
    run: async (command: string) => {
      const program = start(command, "8787");
      await program.endsWith(0);
      return program.output();
    },
    /** Starts a worker; what it has printed so far. */
    serve: async (command: string) => {
      const port = / --port (\d+)/.exec(command)?.[1] ?? "8787";
      const worker = start(`${command.replace(/ --port \d+/, "")} --port 0`, port);
      const [, listensAt] = await worker.until(/served at: +http:\/\/127\.0\.0\.1:(\d+)\n/);
      doorAt(port).leadTo(Number(listensAt));
      return () => worker.output();
    },
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
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}/g, "TIME")
    .replace(/ in [\d.]+s:/g, " in SECONDS:")
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => {
      if (!ids.includes(id)) ids.push(id);
      return `ID${ids.indexOf(id)}`;
    });
}
