import { openGateway } from "@umbel/test/gateway";
import { commandOf as commandOfProcess, descendantsOf } from "@umbel/test/process-table";
import { poll, type RunningProgram, startProgram } from "@umbel/test/running-program";
import { describe, expect, it, onTestFinished } from "vitest";
import { anyPorts, environmentIn, type WrittenModule, writtenModule } from "./dev-application.ts";
import { hasTerminal, openScreen } from "./terminal-screen.ts";
import { commandOf, umbel } from "./umbel.ts";

const application = `
import { Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { word } from "./words/word.ts";

export const app = new Umbel("words", { broker: qstash(), backend: upstash() });
app.task("words.word", () => word);
app.task("words.slow", async () => await app.platform.sleep(12));
`;

/** An application of several files, in a folder of its own. */
async function writtenApplication(): Promise<WrittenModule> {
  const written = await writtenModule(application);
  await written.write("words/word.ts", 'export const word = "one";');
  return written;
}

/** What the task returns now. */
async function word(program: RunningProgram, module: string): Promise<string> {
  const environment = environmentIn(program.output());
  const { stdout } = await umbel(["-A", module, "call", "words.word"], { environment });
  return (await umbel(["-A", module, "result", stdout.trim()], { environment })).stdout.trim();
}

const everyRuntime =
  process.env["UMBEL_TEST_LEVEL"] === "full" ? (["node", "bun", "deno"] as const) : ["node" as const];

describe("umbel dev", () => {
  it.each(everyRuntime)("runs all that an application needs, and reloads what has changed, on %s", async (runtime) => {
    const { module, write } = await writtenApplication();
    const dev = startProgram(commandOf(["dev", module, "--data", ":memory:", ...anyPorts], runtime));
    await dev.until(/worker {2}\| .* worker@words ready\./);
    const first = await word(dev, module);

    await write("words/word.ts", 'export const word = "two";');
    await dev.until(/dev {5}\| word\.ts has changed: the worker is started again[^]* worker@words ready\./);
    const second = await word(dev, module);
    await dev.until(/events {2}\| \[.*: INFO\] worker@words is offline\n/);
    await dev.until(/worker {2}\| .* succeeded in [^]*worker {2}\| .* succeeded in /);

    dev.kill("SIGTERM");
    await dev.endsWith(0);
    expect([first, second]).toEqual(["one", "two"]);
    const told = [...dev.output().matchAll(/^\w+ +\| \[.*\] Task (\S+ (?:received|started|succeeded))/gm)];
    expect(told).toHaveLength(6);
    expect(new Set(told.map(([, what]) => what)).size).toBe(6);
    expect(environmentIn(dev.output())).toHaveProperty("QSTASH_CURRENT_SIGNING_KEY");
    expect(dev.output()).not.toContain("No signing keys of your own");
    expect(dev.output()).toMatch(/worker {2}\| .*beat: Starting\.\.\.[^]*worker {2}\| .*worker: Stopped\./);
  });

  it("goes on when a change cannot be loaded, and says what is wrong with it", async () => {
    const { module, write } = await writtenApplication();
    await write("app.ts", "export const = 1;");
    const dev = startProgram(commandOf(["dev", module, "--data", ":memory:", "--json", "--no-events", ...anyPorts]));
    await dev.until(/cannot be loaded: .*app\.ts:1:/);
    await dev.until(/the worker has ended \(code 1\): it is started again when a file changes/);

    await write("app.ts", application);

    await dev.until(/"part":"worker","line":".* worker@words ready\."/);
    expect(JSON.parse(dev.output().split("\n")[0] ?? "")).toMatchObject({
      environment: { QSTASH_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) },
    });
  });

  it("takes no notice of a new file, until one imports it", async () => {
    const { module, write } = await writtenApplication();
    const dev = startProgram(commandOf(["dev", module, "--data", ":memory:", "--no-events", ...anyPorts]));
    await dev.until(/worker@words ready\./);

    await write("words/new.ts", 'export const word = "new";');
    await write("words/third.json", "{}");
    await write("app.ts", application.replace("words/word.ts", "words/other.ts"));
    await dev.until(/the worker has ended \(code 1\)/);
    await write("words/other.ts", 'export const word = "other";');
    await dev.until(/dev {5}\| other\.ts has changed[^]* worker@words ready\./);
    await write("words/other.ts", 'export const word = "again";');
    await dev.until(/other\.ts has changed[^]*other\.ts has changed[^]* worker@words ready\./);

    const changes = [...dev.output().matchAll(/dev {5}\| (\S+) has changed/g)].map(([, file]) => file);
    // A busy machine may tell twice of one change: a file is emptied before it is written.
    expect(new Set(changes)).toEqual(new Set(["app.ts", "other.ts"]));
  });

  it.skipIf(process.env["UMBEL_TEST_LEVEL"] !== "full")(
    "has what runs finished by the worker that a change has replaced, for longer than at an end",
    async () => {
      const { module, write } = await writtenApplication();
      const dev = startProgram(commandOf(["dev", module, "--data", ":memory:", ...anyPorts]));
      await dev.until(/worker@words ready\./);
      const environment = environmentIn(dev.output());
      await umbel(["-A", module, "call", "words.slow"], { environment });
      await dev.until(/events {2}\| .* Task words\.slow\[.*\] started/);

      await write("words/word.ts", 'export const word = "two";');

      await dev.until(/word\.ts has changed[^]*Task words\.slow\[.*\] succeeded/);
      expect(dev.output()).not.toContain("was killed with what ran");
    },
    200_000,
  );

  it("leaves no worker behind when it is killed without a word", async () => {
    const { module } = await writtenApplication();
    const dev = startProgram(commandOf(["dev", module, "--data", ":memory:", "--no-events", ...anyPorts]));
    await dev.until(/worker@words ready\./);
    const children = descendantsOf(dev.pid);

    await dev.killed();

    expect(children.length).toBeGreaterThan(0);
    expect(await poll(60, () => children.every((pid) => !commandOfProcess(pid).includes(module)))).toBe(true);
  });

  it("takes no other port than those that are usual, or asked for: programs would go on to reach who has them", async () => {
    const { module } = await writtenApplication();
    const gateway = await openGateway();
    onTestFinished(async () => await gateway.close());
    const [taken, free] = [String(gateway.port), "0"];
    const dev = async (...[worker, push, rest]: readonly string[]) => {
      const flags = ["--port", worker ?? "", "--gateway-port", push ?? "", "--rest-port", rest ?? ""];
      return await umbel(["dev", module, "--data", ":memory:", ...flags]);
    };

    const refused = await Promise.all([dev(taken, free, free), dev(free, taken, free), dev(free, free, taken)]);

    const ofGateway = new RegExp(
      `^umbel: port ${taken} of 127.0.0.1 is taken: another Umbel gateway runs there\\. .*\n$`,
    );
    expect(refused.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(refused[0].stderr).toMatch(new RegExp(`^umbel: port ${taken} of 127.0.0.1 is taken, and calls of programs`));
    expect(refused[1].stderr).toMatch(ofGateway);
    expect(refused[2].stderr).toMatch(ofGateway);
  });

  it("needs a module", async () => {
    expect(await umbel(["dev"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "umbel: no application is named: umbel dev ./app.ts, or set UMBEL_APP\n",
    });
  });

  it("starts nothing for a module that is not there, and says so, with 1", async () => {
    const { code, stdout, stderr } = await umbel(["dev", "./nowhere.ts", ...anyPorts]);

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^umbel: there is no module "\.\/nowhere\.ts": in .* there is no such file\n$/);
  });

  it.skipIf(!hasTerminal)("ends on Ctrl-C in a terminal", async () => {
    const { module } = await writtenApplication();
    await using screen = await openScreen();

    screen.type(`umbel dev ${module} --data :memory: ${anyPorts.join(" ")}`);
    await screen.until(/worker@words ready\./);
    screen.press("C-c");

    await screen.until(/worker: Stopped\.\n\$/);
    expect(screen.text()).toContain("worker  | .> beat:         ON");
  });
});
