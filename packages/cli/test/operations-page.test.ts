/** docs/operations.md: what it has typed is there to be typed, and answers what it shows. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "@umbel/test/running-program";
import { controlCommands, inspectCommands } from "umbel/control";
import { describe, expect, it } from "vitest";
import { makeProgram } from "../src/program.ts";
import { commandsOf, wordsOf } from "./examples.ts";
import { startTasksWorker, tasksModule } from "./tasks-worker.ts";
import { umbel } from "./umbel.ts";

const page = readFileSync(join(repository, "docs/operations.md"), "utf8");

/** What follows the program's name wherever the page has it typed. */
const lines = [...page.matchAll(/`umbel ([^`]+)`|^(?:\$ )?umbel (?!events: )(.*)$/gm)].map(
  ([, span, line]) => span ?? line ?? "",
);

/** What the page shows of a command: each line that is typed, and what is answered. */
const shown = [...page.matchAll(/```text\n([^]*?)```/g)].flatMap(([, block = ""]) =>
  block
    .split(/^\$ umbel /m)
    .slice(1)
    .map((each) => [each.split("\n", 1)[0] ?? "", each.slice(each.indexOf("\n") + 1)] as const),
);

describe("docs/operations.md", () => {
  it.each([...new Set(lines)])("has a command typed that there is: umbel %s", async (line) => {
    const program = makeProgram();
    const called: (readonly string[])[] = [];
    for (const command of commandsOf(program)) {
      command.action(() => void called.push([command.name(), ...command.args]));
    }

    await program.parseAsync(wordsOf(line), { from: "user" });

    const names = { inspect: inspectCommands, control: controlCommands };
    const [[command = "", word] = []] = called;
    const known = command === "inspect" || command === "control" ? names[command].map(({ name }) => name) : [word];
    expect(called).toHaveLength(1);
    expect(known).toContain(word);
  });

  it("names no flag that there is not", () => {
    const all = commandsOf(makeProgram()).flatMap(({ options }) => options);
    const flags = new Set(all.flatMap(({ long, short }) => [long, short]));
    const named = [...page.matchAll(/(?<=[\s`])--?[a-zA-Z][-a-z]*/g)].map(([flag]) => flag);

    expect(new Set(named).size).toBeGreaterThan(15);
    expect(named.filter((flag) => !flags.has(flag))).toEqual([]);
  });

  it("shows what status and purge answer", async () => {
    await using tasks = await startTasksWorker();
    const waiting = "call tasks.add -a [1,1] --countdown 600 --queue later";
    await Promise.all([1, 2, 3].map(async () => await tasks.command(waiting)));
    const answered = shown.filter(([line]) => / (?:status|purge) ?/.test(line));

    const answers: string[] = [];
    for (const [line] of answered) answers.push((await tasks.command(line.replace("-A ./tasks.ts ", ""))).stdout);

    expect(answered).toHaveLength(3);
    expect(answers).toEqual(answered.map(([, answer]) => answer));
  });

  it("shows what doctor says of a store that is away and of a wrong token", async () => {
    await using tasks = await startTasksWorker();
    const [, text = ""] = shown.find(([line]) => line.endsWith(" doctor")) ?? [];

    const { code, stdout } = await umbel(["-A", tasksModule, "doctor"], {
      environment: { ...tasks.environment, UPSTASH_REDIS_REST_URL: "http://127.0.0.1:9", QSTASH_TOKEN: "wrong" },
    });

    expect(code).toBe(1);
    const parts = text.split("\n").map((line) => line.replace(/\.\.\.$/, ""));
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.filter((part) => !stdout.includes(part))).toEqual([]);
  });
});
