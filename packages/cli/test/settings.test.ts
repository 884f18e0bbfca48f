import { join } from "node:path";
import { repository } from "@umbel/test/running-program";
import { describe, expect, it } from "vitest";
import { tasksModule } from "./tasks-worker.ts";
import { hasTerminal, openScreen } from "./terminal-screen.ts";
import { umbel } from "./umbel.ts";

const modules = "packages/cli/test/modules";

describe("umbel conf", () => {
  it("shows settings that differ, or all", async () => {
    const [some, all, json] = await Promise.all(
      [["conf"], ["conf", "--with-defaults"], ["conf", "--json"]].map(
        async (words) => await umbel(["-A", tasksModule, ...words]),
      ),
    );

    expect(some?.stdout).toBe('broker: "qstash"\nbackend: "upstash-redis"\nresultTimeout: 20\n');
    expect(all?.stdout).toContain('\ntaskDefaultQueue: "default"\n');
    expect(JSON.parse(json?.stdout ?? "")).toEqual({ resultTimeout: 20 });
  });

  it.each([
    ["settings.ts", "taskDefaultQueue, timezone"],
    ["tasks.ts", "resultTimeout"],
  ])("--check tells that %s is good", async (module, names) => {
    const { code, stdout } = await umbel(["conf", "--check", `${modules}/${module}`]);

    expect([code, stdout.split("\n").at(-2)]).toEqual([0, `${modules}/${module} is good: it sets ${names}`]);
  });

  const nearest = 'There is no setting "taskDefaultQeue"; the nearest name is "taskDefaultQueue"\n';
  it.each([
    [`${modules}/misspelt.ts`, ` is refused: ${nearest}`],
    [
      `${modules}/misspelt-application.ts`,
      ` cannot be loaded: ${join(repository, modules, "misspelt-application.ts")}:8:27: ImproperlyConfigured: ${nearest}`,
    ],
    [`${modules}/several.ts`, " exports several applications: "],
  ])("--check refuses %s in a line, with 1", async (module, line) => {
    const { code, stdout, stderr } = await umbel(["conf", "--check", module]);

    expect([code, stdout, stderr.slice(0, `umbel: ${module}${line}`.length)]).toEqual([
      1,
      "",
      `umbel: ${module}${line}`,
    ]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("--check names all settings that are misspelt, and what is wrong with others", async () => {
    const { code, stderr } = await umbel(["conf", "--check", `${modules}/misspelt-often.ts`]);

    expect(code).toBe(1);
    expect(stderr).toBe(
      `umbel: ${modules}/misspelt-often.ts is refused: ` +
        'There is no setting "result_expirs"; the nearest name is "result_expires". ' +
        'There is no setting "task_default_qeue"; the nearest name is "task_default_queue". ' +
        'timezone is 7: give the name of a time zone, as "Europe/Oslo"\n',
    );
  });

  it.each(["conf --check", "-A"])(
    "a Python file is known as one by %s, and what to give instead is told",
    async (words) => {
      const line = `${words} ./celeryconfig.py${words === "-A" ? " worker" : ""}`;

      expect(await umbel(line.split(" "))).toEqual({
        code: 1,
        stdout: "",
        stderr:
          "umbel: ./celeryconfig.py is a Python file: give a module of TypeScript or JavaScript; " +
          'settings keep their names there, as in export const task_default_queue = "mail";\n',
      });
    },
  );

  it("--check tells what of a module sets nothing here, and why", async () => {
    const { stdout } = await umbel(["conf", "--check", `${modules}/settings.ts`]);

    expect(stdout).toMatch(/^worker_concurrency is set elsewhere: /);
  });
});

describe("umbel list", () => {
  it("shows tasks, and queues with their workers", async () => {
    const environment = { UMBEL_QUEUES: '{"mail":"https://mail.example"}', UMBEL_WORKER_URL: "https://one.example" };
    const [tasks, queues, json, other] = await Promise.all(
      ["list tasks", "list queues", "list queues --json", "list bindings"].map(
        async (words) => await umbel(["-A", tasksModule, ...words.split(" ")], { environment }),
      ),
    );

    const rows = tasks?.stdout
      .trimEnd()
      .split("\n")
      .map((row) => row.split(/ {2,}/));
    expect(rows).toEqual([
      ["TASK", "QUEUE", "RATE LIMIT"],
      ["tasks.add", "-", "-"],
      ["tasks.alone", "-", '{"parallelism":1}'],
      ["tasks.boom", "-", "-"],
      ["tasks.refuses", "-", "-"],
      ["tasks.slow", "slow", "-"],
    ]);
    expect(queues?.stdout).toBe(
      "QUEUE    WORKER\ndefault  https://one.example\nmail     https://mail.example\nslow     https://one.example\n",
    );
    expect(JSON.parse(json?.stdout ?? "")).toContainEqual({
      name: "mail",
      worker: "https://mail.example",
      priority: null,
      rateLimit: null,
      parallelism: null,
    });
    expect(other?.stdout).toBe(queues?.stdout);
  });
});

describe("umbel list tasks", () => {
  it("shows all options that a task has of its own, errors by their names", async () => {
    const module = `${modules}/declared.ts`;
    const [table, json] = await Promise.all([
      umbel(["-A", module, "list", "tasks"]),
      umbel(["-A", module, "list", "tasks", "--json"]),
    ]);

    const options = { maxRetries: 7, autoretryFor: ["TypeError", "Gone"], acksOnFailure: false, onFailure: "mourn" };
    const none = { queue: null, rateLimit: null, timeLimit: null, softTimeLimit: null, options: null };
    expect(JSON.parse(json.stdout)).toEqual([
      { ...none, name: "declared.careful", timeLimit: "1m", options },
      { ...none, name: "declared.plain" },
    ]);
    expect(table.stdout).toBe(
      [
        "TASK              TIME LIMIT  OPTIONS",
        `declared.careful  1m          ${JSON.stringify(options)}`,
        "declared.plain    -           -",
        "",
      ].join("\n"),
    );
  });
});

describe("umbel report", () => {
  it("tells of the installation, and no secret", async () => {
    const environment = {
      QSTASH_TOKEN: "hush",
      QSTASH_URL: "http://127.0.0.1:8080",
      UMBEL_TARGETS: '["http://u:hush@a"]',
      UMBEL_CONTROL_TOKEN: "hush",
    };
    const [text, json] = await Promise.all([
      umbel(["-A", tasksModule, "report"], { environment }),
      umbel(["-A", tasksModule, "report", "--json"], { environment }),
    ]);

    expect(text.stdout).toMatch(/^software -> umbel:0\.1\.0 node:24\.\S+\nplatform -> Linux-.*, Node 24\./);
    expect(text.stdout).toMatch(
      /\nsettings -> transport:.* at 127\.0\.0\.1:8080 results:upstash-redis at 127\.0\.0\.1:8079\n/,
    );
    expect(text.stdout).toContain('\nQSTASH_TOKEN: "********"\n');
    expect(text.stdout).toContain('\nUMBEL_CONTROL_TOKEN: "********"\nUMBEL_BEAT_TOKEN: null\n');
    expect(text.stdout).toMatch(/\nresultTimeout: 20\n$/);
    expect(JSON.parse(json.stdout)).toMatchObject({
      results: "upstash-redis at 127.0.0.1:8079",
      settings: { resultTimeout: 20 },
    });
    expect(text.stdout + json.stdout).not.toContain("hush");
  });
});

describe.skipIf(!hasTerminal)("in a terminal", () => {
  it("settings, lists and the report are seen", async () => {
    await using screen = await openScreen({ UMBEL_APP: tasksModule });

    screen.type(`umbel conf --check ${modules}/misspelt.ts; umbel list tasks; umbel report | head -n 2`);

    await screen.until(/platform -> /);
    expect(screen.text()).toMatch(/refused: There is no setting "taskDefaultQeue"; the\s+nearest name/);
    expect(screen.text()).toMatch(/^TASK +QUEUE +RATE LIMIT\ntasks\.add +- +-\n/m);
  });
});
