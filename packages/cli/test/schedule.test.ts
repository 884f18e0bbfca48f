import { existsSync } from "node:fs";
import { startEndpoint } from "@umbel/test/endpoint";
import { openGateway } from "@umbel/test/gateway";
import { startProgram } from "@umbel/test/running-program";
import { Umbel } from "umbel";
import { schedules } from "umbel/beat";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, commandOf, umbel } from "./umbel.ts";

const module = "packages/cli/test/modules/diary.ts";
/** It gives a program a terminal; on Debian and Ubuntu: apt-get install bsdutils. */
const hasScript = existsSync("/usr/bin/script") || process.env["UMBEL_REQUIRE_ALL"] === "1";
const chatty = "packages/cli/test/modules/chatty.ts";

/** What has the entries of code be there. */
const howToTick = "umbel beat, umbel worker -B and umbel dev run one: start it, and ask again";

describe("umbel schedule", () => {
  const environment: Record<string, string> = {};
  /** Another program of the same application, with a task of its own. */
  const other = new Umbel("diary", { broker: qstash(), backend: upstash(), env: environment });
  const gone = other.task("diary.gone", () => undefined);
  const entries = schedules(other);
  const started = new AsyncDisposableStack();
  const schedule = async (line: string): Promise<Answer> =>
    await umbel(["-A", module, "schedule", ...line.split(" ")], { environment });
  /** Ticks until the log says so. */
  const tickUntil = async (said: RegExp): Promise<void> => {
    const loop = startProgram(commandOf(["-A", module, "beat"]), environment);
    await loop.until(said);
    loop.kill("SIGTERM");
    await loop.endsWith(0);
  };

  beforeAll(async () => {
    const gateway = await openGateway();
    started.defer(async () => await gateway.close());
    const worker = await startEndpoint();
    started.defer(async () => await worker.stop());
    Object.assign(environment, gateway.variables, { UMBEL_WORKER_URL: worker.url });
  });
  afterAll(async () => await started.disposeAsync());

  it("has no entries before beat's first tick, and says which there will be", async () => {
    const [list, next] = await Promise.all([schedule("list"), schedule("next monday")]);

    expect(list).toEqual({
      code: 0,
      stdout: `There are no entries.\nFrom beat's first tick on: monday, often. ${howToTick}\n`,
      stderr: "",
    });
    const none = `umbel: there is no entry "monday" yet: the code's are there from beat's first tick on. ${howToTick}\n`;
    expect(next).toEqual({ code: 1, stdout: "", stderr: none });
  });

  it("lists entries with their next runs in UTC and in their zones", async () => {
    await tickUntil(/Sending due task often/);

    const { stdout, stderr } = await schedule("list");

    const lines = stdout.split("\n");
    expect(stderr).toBe("");
    expect(lines[0]?.split(/ {2,}/)).toEqual(headings);
    const instant = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;
    expect(lines[1]).toMatch(
      new RegExp(
        String.raw`^monday +code +crontab\(30 7 .*1\) +${instant}Z +\S+ 07:30:00\+0[12]:00 Europe/Oslo +(?:- +0|${instant}Z +1) +active$`,
      ),
    );
    expect(lines[2]).toMatch(
      new RegExp(
        String.raw`^often +code +every \S+ seconds +${instant}Z +${instant}\+00:00 UTC +(?:${instant}Z +[1-9]\d*|- +0) +active$`,
      ),
    );
    expect(lines).toHaveLength(4);
  });

  it.skipIf(!hasScript)("lists them in short lines on a terminal of 80 columns", async () => {
    const command = `stty cols 80; ${commandOf(["-A", module, "schedule", "list", "--no-color"]).join(" ")}`;
    const shown = startProgram(["script", "-qec", command, "/dev/null"], environment);
    await shown.endsWith(0);

    const lines = shown.output().trimEnd().split("\r\n");
    expect(lines.slice(0, 2)).toEqual(["NAME: monday", "KIND: code"]);
    expect(lines).toContainEqual(expect.stringMatching(/^NEXT \(ITS ZONE\): \d.* 07:30:00\+0[12]:00 Europe\/Oslo$/));
    expect(lines).toHaveLength(17);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("keeps what the module prints beside its answer", async () => {
    const { stdout, stderr } = await umbel(["-A", chatty, "schedule", "list", "--json"], { environment });

    expect(JSON.parse(stdout)).toMatchObject([{ name: "monday" }, { name: "often" }]);
    expect(stderr).toBe("Good morning\n");
  });

  it("finds the application and the store where the command line, or a variable, says", async () => {
    const { UPSTASH_REDIS_REST_URL: store = "", QSTASH_URL: broker = "", ...rest } = environment;
    const flags = ["-b", broker, "--result-backend", store];

    const { stdout } = await umbel(["schedule", ...flags, "next", "monday"], {
      environment: { ...rest, UMBEL_APP: module },
    });

    expect(stdout.split("\n")).toHaveLength(7);
  });

  it("looks where the module has its beat keep them", async () => {
    const elsewhere = "packages/cli/test/modules/own-store.ts";

    const list = await umbel(["-A", elsewhere, "schedule", "list", "--json"], { environment });
    const pause = await umbel(["-A", elsewhere, "schedule", "pause", "hourly"], { environment });

    expect(JSON.parse(list.stdout)).toMatchObject([{ name: "hourly", kind: "code" }]);
    expect(pause).toEqual({ code: 0, stdout: "hourly is paused\n", stderr: "" });
  });

  it("shows the next runs of one", async () => {
    const { stdout } = await schedule("next monday 3");
    const { stdout: json } = await schedule("next monday 3 --json");

    const [head, ...rows] = stdout.trimEnd().split("\n");
    expect(head).toMatch(/^UTC +ITS ZONE$/);
    expect(rows).toHaveLength(3);
    const { runs }: { readonly runs: readonly string[] } = JSON.parse(json);
    expect(rows.map((row) => row.slice(0, 20))).toEqual(runs.map((run) => run.replace("T", " ").replace(".000Z", "Z")));
    expect(new Set(rows.map((row) => row.slice(33)))).toEqual(
      new Set([expect.stringMatching(/^07:30:00\+0[12]:00 Europe\/Oslo$/)]),
    );
  });

  it("pauses one and lets it go on", async () => {
    expect(await schedule("pause monday")).toMatchObject({ code: 0, stdout: "monday is paused\n" });
    expect(await entries.get("monday")).toMatchObject({ paused: true });
    expect((await schedule("list")).stdout).toMatch(/^monday .* paused$/m);
    expect((await schedule("resume monday")).stdout).toMatch(
      /^monday goes on: next at \d{4}-.*:30:00Z; what is due before beat's next tick is sent then\n$/,
    );
    expect(await entries.get("monday")).toMatchObject({ paused: false });
  });

  it("sends one now, and prints the id of the call", async () => {
    const { stdout } = await schedule("trigger monday --json");

    expect(JSON.parse(stdout)).toEqual({ name: "monday", id: expect.stringMatching(/^[\da-f-]{36}$/) });
  });

  it("sends the runs of a stretch of the past, and says first which these would be", async () => {
    const stretch = "--from 2026-03-23 --to 2026-04-01T12:00+02:00";
    const would = await schedule(`backfill monday ${stretch} --dry-run`);
    const does = await schedule(`backfill monday ${stretch}`);

    const runs = ["2026-03-23 06:30:00Z", "2026-03-30 05:30:00Z"]; // Clocks went forward between the two.
    expect(would.stdout.replaceAll(/ {2}[\da-f-]{36}/g, "")).toBe(
      `${runs.join("\n")}\n2 runs of monday would be sent\n`,
    );
    expect(does.stdout).toBe(would.stdout.replace("would be", "are"));
  });

  it("tells of what is broken below the table", async () => {
    await entries.upsert("lost", { task: gone, schedule: "1h" });
    await tickUntil(/The entry lost is broken/);

    const { stdout } = await schedule("list");

    expect(stdout).toMatch(/^lost +dynamic .* broken$/m);
    expect(stdout).toMatch(/^lost is broken: .*diary\.gone/m);
  });

  it("tells of what has no run any more", async () => {
    await entries.upsert("over", { task: gone, schedule: "1h", endAt: new Date("2026-01-01T00:00:00Z") });
    await entries.pause("over");

    const { stdout } = await schedule("resume over");
    const list = await schedule("list");
    await entries.remove("over");

    expect(stdout).toBe("over is paused no more, and has ended: it has no run any more\n");
    expect(list.stdout).toMatch(/^over +dynamic .* ended$/m);
  });

  it("removes what was added at run time, and nothing of the code", async () => {
    const { code, stderr } = await schedule("remove monday");

    expect((await schedule("remove lost")).stdout).toBe("lost is removed\n");
    expect((await entries.list()).map(({ name }) => name)).toEqual(["monday", "often"]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'umbel: The entry "monday" is declared in code: take it out there; paused, it sends nothing until then\n',
    );
  });

  it.each([
    ["pause munday", 1, 'there is no entry "munday"; the nearest name is "monday"'],
    ["next monday zero", 2, 'schedule next takes a whole number from 1, not "zero"'],
    ["next", 2, "missing required argument 'name'"],
    ["backfill monday --from 2026-01-01", 2, "required option '--to <instant>' not specified"],
    [
      "backfill monday --from yesterday --to 2026-01-01",
      2,
      '--from takes an instant such as 2026-01-31 or 2026-01-31T07:30+01:00, not "yesterday"',
    ],
    ["backfill monday --from 2026-01-02 --to 2026-01-01", 2, "--from 2026-01-02 is after --to 2026-01-01"],
    ["stop monday", 2, "unknown command 'stop'"],
  ])("answers %j with a line", async (line, code, sentence) => {
    expect(await schedule(line)).toEqual({ code, stdout: "", stderr: `umbel: ${sentence}\n` });
  });

  it("tells of a store that does not answer in a line", async () => {
    const unreachable = { ...environment, UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1" };

    const { code, stderr } = await umbel(["-A", module, "schedule", "list"], { environment: unreachable });

    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^umbel: upstash-redis: no answer from http:\/\/127\.0\.0\.1:1 .*does the gateway run\?.*\n$/,
    );
  });
});

const headings = ["NAME", "KIND", "SCHEDULE", "NEXT (UTC)", "NEXT (ITS ZONE)", "LAST SENT (UTC)", "SENT", "STATE"];
