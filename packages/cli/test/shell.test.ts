import { execFile } from "node:child_process";
import type { runtimes } from "@umbel/test/running-program";
import { describe, expect, it } from "vitest";
import { refusalOf } from "./refusal.ts";
import { startTasksWorker, tasksModule } from "./tasks-worker.ts";
import { hasTerminal, openScreen } from "./terminal-screen.ts";
import { type Answer, commandOf } from "./umbel.ts";

/** Runs the shell with lines as its input. */
async function shell(
  lines: readonly string[],
  { runtime, flags = [] }: { readonly runtime?: keyof typeof runtimes; readonly flags?: readonly string[] } = {},
): Promise<Answer> {
  const [file, ...args] = commandOf(["-A", tasksModule, "shell", ...flags], runtime);
  return await new Promise((resolve) => {
    const child = execFile(file, args, { timeout: 120_000 }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
    child.stdin?.end(`${lines.join("\n")}\n`);
  });
}

describe("umbel shell", () => {
  it.each(["node", "bun", "deno"] as const)("evaluates the lines that come in, on %s", async (runtime) => {
    const lines = ["const two = await Promise.resolve(2)", "String(add.s(two,", "2))", "_.length", "console.log(two)"];

    expect(await shell(lines, { runtime })).toEqual({ code: 0, stdout: "'tasks.add(2, 2)'\n15\n2\n", stderr: "" });
  });

  it("has the application, every task and the canvas", async () => {
    const names = "[app, add, boom, slow, chain, group, chord, signature].map((each) => typeof each).join()";

    expect((await shell([names])).stdout).toBe(`'${["object", ...Array(7).fill("function")].join()}'\n`);
  });

  it("has only the application and the canvas without tasks", async () => {
    const { stdout, stderr, code } = await shell(["app.name", "typeof chain", "add"], { flags: ["--without-tasks"] });

    expect({ stdout, stderr, code }).toEqual({
      stdout: "'tasks'\n'function'\n",
      stderr: "Uncaught ReferenceError: add is not defined\numbel: 1 of the lines threw\n",
      code: 1,
    });
  });

  it("answers in JSON", async () => {
    expect((await shell(["({ a: [1, 2] })"], { flags: ["--json"] })).stdout).toBe('{"a":[1,2]}\n');
  });

  it("has an answer in JSON for what JSON has no word for", async () => {
    expect((await shell(["() => 1"], { flags: ["--json"] })).stdout).toBe("null\n");
  });

  it.each(["node", "bun", "deno"] as const)("goes on after errors that no line throws, on %s", async (runtime) => {
    const lines = [
      'const late = Promise.reject(new RangeError("late"))',
      "await new Promise((done) => void setTimeout(done, 20))",
      'setTimeout(() => { throw new TypeError("later") }); await new Promise((done) => void setTimeout(() => done(2), 20))',
    ];

    expect(await shell(lines, { runtime })).toEqual({
      code: 1,
      stdout: "2\n",
      stderr: "Uncaught (in promise) RangeError: late\nUncaught TypeError: later\numbel: 2 of the lines threw\n",
    });
  });

  it("says what it can, and what it cannot", async () => {
    const { stdout, stderr, code } = await shell([".help", ".load"], { flags: ["--without-tasks"] });

    expect(stdout).toMatch(/^There are chain, [^]*\n\.help {4}this text\n\.exit {4}ends the shell, /);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "Uncaught SyntaxError: there is no .load: .help says what there is\numbel: 1 of the lines threw\n",
    });
  });

  it("takes Celery's flags for other shells for a slip", async () => {
    const line = "UsageError: -I: there is one shell, which runs on Node, Bun and Deno: leave it out";

    expect(await refusalOf(["-A", tasksModule, "shell", "--ipython"])).toBe(line);
  });
});

describe.skipIf(!hasTerminal)("umbel shell, in a terminal", () => {
  it("sends tasks and shows their results, goes on after an error, and ends", async () => {
    await using tasks = await startTasksWorker();
    await using screen = await openScreen({ ...tasks.environment, UMBEL_APP: tasksModule });

    screen.type("umbel shell");
    await screen.until(/There are add, boom, slow,[^]*\n>\n/);
    screen.type("const sum = await add.delay(4, 4)");
    await screen.until(/4, 4\)\n>$/m);
    screen.type("await sum.get()");
    await screen.until(/^8$/m);
    screen.type("await (await boom.delay()).get()");
    await screen.until(/^Uncaught TaskFailure: no$/m);
    screen.type("[1,");
    await screen.until(/^\.\.\.$/m);
    screen.press("C-c");
    await screen.until(/Ctrl-D or \.exit ends the shell\)\n>$/m);
    screen.press("sum.exi");
    screen.press("Tab");
    await screen.until(/^> sum\.exists$/m);
    screen.type(".name");
    await screen.until(/^'exists'$/m);
    screen.press("C-d");

    await screen.until(/\n(?:> )?\$\n/);
    expect(screen.text()).toContain("> await sum.get()\n8\n");
  });
});
