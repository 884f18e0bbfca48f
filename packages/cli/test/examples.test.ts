import { execFile } from "node:child_process";
import { join } from "node:path";
import { openGateway } from "@umbel/test/gateway";
import { launchProgram, poll, repository } from "@umbel/test/running-program";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { makeProgram } from "../src/program.ts";
import { allExamples, commandsOf, examplesIn, folderOfExamples, wordsOf } from "./examples.ts";
import { type Answer, commandOf, compiled } from "./umbel.ts";

const examples = allExamples();

/** What goes on until it is ended. */
const stays = /^(?:gateway|dev)\b|\b(?:worker|beat|dev)\b(?!@)(?: -|$)|--follow/;

/** What changes much for the others: in this order at the end. */
const late = /\b(?:purge|cancel_consumer|shutdown)\b/;

/** What needs a person says so here. */
const asks = "Nobody can be asked here";

describe("the examples of all commands", () => {
  it("are there for each of them", () => {
    const all = commandsOf(makeProgram()).filter(({ parent }) => parent !== null && parent.parent === null);
    const named = all
      .map((command) => command.name())
      .filter((name) => !/^(?:multi|amqp|migrate|upgrade|logtool)$/.test(name));

    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((name) => !examples.some((line) => new RegExp(`(?:^| )${name}(?: |$)`).test(line)))).toEqual(
      [],
    );
  });

  it.each(shownCommands())("stand under the help of %s itself", (_, command) => {
    expect(examplesIn(command)).not.toEqual([]);
  });

  it.each(examples)("are read as they are meant: umbel %s", async (line) => {
    const program = makeProgram();
    const called: string[] = [];
    for (const command of commandsOf(program)) command.action(() => void called.push(command.name()));

    await program.parseAsync(wordsOf(line), { from: "user" });

    expect(called).toHaveLength(1);
    expect(wordsOf(line)).toContain(called[0]);
  });
});

describe.runIf(process.env["UMBEL_TEST_LEVEL"] === "full")("the examples, where there is an application", () => {
  it("do what they say", async () => {
    await using folder = await folderOfExamples();
    await using world = await startWorld(folder.path);
    const short = examples.filter((line) => !stays.test(line));

    const answers = new Map<string, Answer>();
    const take = async (line: string) => void answers.set(line, await world.type(line));
    const early = short.filter((line) => !late.test(line));
    await Promise.all(
      [0, 1, 2].map(
        async (turn) =>
          await inTurn(
            early.filter((_, nth) => nth % 3 === turn),
            take,
          ),
      ),
    );
    await inTurn(
      short.filter((line) => late.test(line)),
      take,
    );

    const wrong = [...answers].filter(([, { code, stderr }]) => code !== 0 && !stderr.includes(asks));
    expect(answers.size).toBeGreaterThan(35);
    expect(wrong).toEqual([]);
  }, 900_000);
});

/** Every command and subcommand of the help, with its words. */
function shownCommands(): readonly (readonly [words: string, command: Command])[] {
  const beneath = (command: Command, above: string): readonly (readonly [string, Command])[] => {
    const words = `${above} ${command.name()}`.trim();
    const shown = command.createHelp().visibleCommands(command);
    return [[words, command], ...shown.flatMap((each) => beneath(each, words))];
  };
  return beneath(makeProgram(), "");
}

async function inTurn(lines: readonly string[], take: (line: string) => Promise<void>): Promise<void> {
  for (const line of lines) await take(line);
}

/** A gateway, a worker with beat, and a shell that types examples, with ids of calls that there are. */
async function startWorld(folder: string) {
  const gateway = await openGateway();
  const module = join(folder, "tasks.ts");
  const worker = launchProgram(commandOf(["-A", module, "worker", "-B", "--port", "0"]), gateway.variables);
  const [, url = ""] = await worker.until(/served at: +(\S+)\n[^]* ready\./);
  const environment = { ...gateway.variables, ...compiled, UMBEL_WORKER_URL: url };
  const type = async (line: string) => await shell(`umbel ${line}`, folder, environment);
  const call = async (task: string) => (await type(`-A ./tasks.ts call ${task}`)).stdout.trim();
  const [added, ...dead] = await Promise.all([
    call("tasks.add -a '[1,1]'"),
    call("tasks.refuses"),
    call("tasks.refuses"),
  ]);
  await type(
    `-A ./tasks.ts shell <<'END'\nawait entries.upsert("monday", { task: add, args: [1, 1], schedule: "0 7 * * mon" })\nEND`,
  );
  await poll(60, async () => (await type("-A ./tasks.ts replay --all --dry-run")).stdout.includes("2 messages would"));
  await poll(60, async () => (await type("-A ./tasks.ts schedule list")).stdout.includes("nightly"));
  return {
    type: async (line: string) => {
      const named = line.replaceAll(
        /\bID[12]?\b|\b0199f0c2\S+/g,
        () => (line.includes(" replay ") ? dead.pop() : added) ?? "",
      );
      const bounded = / events\b/.test(line) ? " --timeout 1" : "";
      return await type(`${named.replace(/ \| .*$/, "")}${bounded}`);
    },
    async [Symbol.asyncDispose]() {
      await worker.killed();
      await gateway.close();
    },
  };
}

async function shell(line: string, cwd: string, environment: Readonly<Record<string, string>>): Promise<Answer> {
  const [node, ...words] = commandOf([]);
  const program = [
    join(repository, node),
    ...words.map((each) => (each.startsWith("packages/") ? join(repository, each) : each)),
  ];
  const script = `umbel() { ${program.join(" ")} "$@"; }; ${line}`;
  const options = { cwd, env: { ...process.env, NODE_ENV: "test", ...environment }, timeout: 120_000 };
  return await new Promise((resolve) => {
    const child = execFile("sh", ["-c", script], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
    child.stdin?.end();
  });
}
