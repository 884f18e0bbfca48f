import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readArguments, UsageError } from "../src/program/arguments.ts";
import { flags, help, variableOf } from "../src/program/flags.ts";
import { version } from "../src/program/version.ts";

const nothing = () => undefined;

const defaults = {
  port: 8080,
  restPort: 8079,
  host: "127.0.0.1",
  data: ".umbel/gateway",
  concurrency: 512,
  maxBody: 10_485_760,
  maxTimeout: 7200,
  deadLetterRetention: 2_592_000,
  requestTimeout: 300,
  help: false,
  version: false,
};

describe("the gateway's command line", () => {
  it("has a default for everything", () => {
    expect(readArguments([], nothing)).toEqual(defaults);
  });

  it("takes ports, host and folder", () => {
    const args = ["--port", "1", "--rest-port=2", "--host", "0.0.0.0", "--data", ":memory:"];

    const expected = { ...defaults, port: 1, restPort: 2, host: "0.0.0.0", data: ":memory:" };
    expect(readArguments(args, nothing)).toEqual(expected);
  });

  it("takes limits as people write them", () => {
    const args = "--concurrency 16 --max-body 512k --max-timeout 1h30m --keep-dead-letters 7d --request-timeout 10s";

    expect(readArguments(args.split(" "), nothing)).toMatchObject({
      concurrency: 16,
      maxBody: 524_288,
      maxTimeout: 5400,
      deadLetterRetention: 604_800,
      requestTimeout: 10,
    });
  });

  it("takes from a variable what no flag says", () => {
    const variables: Readonly<Record<string, string>> = {
      UMBEL_GATEWAY_PORT: "1",
      UMBEL_GATEWAY_REST_PORT: "2",
      UMBEL_GATEWAY_KEEP_DEAD_LETTERS: "1d",
      UMBEL_GATEWAY_HOST: "",
    };

    const expected = { ...defaults, port: 3, restPort: 2, deadLetterRetention: 86_400 };
    expect(readArguments(["--port", "3"], (name) => variables[name])).toEqual(expected);
  });

  it("names the variable that it cannot read", () => {
    const variables: Readonly<Record<string, string>> = { UMBEL_GATEWAY_MAX_BODY: "ten" };

    expect(() => readArguments([], (name) => variables[name])).toThrow(
      /^UMBEL_GATEWAY_MAX_BODY takes a number of bytes, such as 512k or 10m, not "ten"\. Usage: /,
    );
  });

  it.each([
    [["--prot", "1"], /--prot/],
    [["--port", "eighty"], /--port takes a port.*"eighty"/],
    [["--port", "65536"], /--port/],
    [["--rest-port", "-1"], /--rest-port/],
    [["--port"], /--port/],
    [["--data", ""], /--data is empty/],
    [["--concurrency", "0"], /--concurrency takes a whole number from 1/],
    [["--max-body", "10x"], /--max-body takes a number of bytes/],
    [["--max-timeout", "2"], /--max-timeout takes a duration, such as 90s/],
    [["start"], /"start"/],
  ])("refuses %j in one line that says how it is written", (args, problem) => {
    const read = () => readArguments(args, nothing);

    expect(read).toThrow(UsageError);
    expect(read).toThrow(problem);
    expect(read).toThrow(/^[^\n]*Usage: umbel-gateway [^\n]*$/);
  });
});

describe("the gateway's help", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

  it.each(Object.entries(flags))("has --%s with its default and its meaning", (flag, { value, meaning }) => {
    const line = help.split("\n").find((each) => each.startsWith(`  --${flag} `)) ?? "";

    expect(line).toContain(meaning);
    expect(line).toContain(`[${value}]`);
    expect(line.length).toBeLessThanOrEqual(120);
    expect(readme).toMatch(new RegExp(`\\| \`--${flag}\` +\\| \`?${value}\`? +\\|`));
  });

  it("has the variables, and says how a flag's is called", () => {
    expect(help).toMatch(/^ {2}QSTASH_TOKEN +\S/m);
    expect(help).toMatch(/^ {2}REDIS_URL +\S/m);
    expect(help).toContain("--max-body is UMBEL_GATEWAY_MAX_BODY");
    expect(variableOf("keep-dead-letters")).toBe("UMBEL_GATEWAY_KEEP_DEAD_LETTERS");
  });

  it("goes with a version, which is the package's", () => {
    const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

    expect(version).toBe(manifest.version);
    expect(readArguments(["--version"], nothing).version).toBe(true);
  });
});
