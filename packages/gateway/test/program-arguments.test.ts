import { describe, expect, it } from "vitest";
import { readArguments, UsageError } from "../src/program/arguments.ts";

describe("the gateway's command line", () => {
  it("has a default for everything", () => {
    const defaults = { port: 8080, restPort: 8079, host: "127.0.0.1", data: ".umbel/gateway", help: false };

    expect(readArguments([])).toEqual(defaults);
  });

  it("takes ports, host and folder", () => {
    const args = ["--port", "1", "--rest-port=2", "--host", "0.0.0.0", "--data", ":memory:"];

    expect(readArguments(args)).toEqual({ port: 1, restPort: 2, host: "0.0.0.0", data: ":memory:", help: false });
  });

  it.each([
    [["--prot", "1"], /--prot/],
    [["--port", "eighty"], /--port takes a port.*"eighty"/],
    [["--port", "65536"], /--port/],
    [["--rest-port", "-1"], /--rest-port/],
    [["--port"], /--port/],
    [["--data", ""], /--data is empty/],
    [["start"], /"start"/],
  ])("refuses %j in one line that says how it is written", (args, problem) => {
    const read = () => readArguments(args);

    expect(read).toThrow(UsageError);
    expect(read).toThrow(problem);
    expect(read).toThrow(/^[^\n]*Usage: umbel-gateway [^\n]*$/);
  });
});
