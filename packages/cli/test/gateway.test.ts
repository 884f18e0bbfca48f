import { openGateway } from "@umbel/test/gateway";
import { startProgram } from "@umbel/test/running-program";
import { describe, expect, it, onTestFinished } from "vitest";
import { hasTerminal, openScreen } from "./terminal-screen.ts";
import { commandOf, umbel } from "./umbel.ts";

describe("umbel gateway", () => {
  it("is the gateway's program, with its flags and its help", async () => {
    const [help, slip] = await Promise.all([umbel(["gateway", "--help"]), umbel(["gateway", "--port", "x"])]);

    expect([help.code, slip.code]).toEqual([0, 2]);
    expect(help.stdout).toMatch(
      /^Usage: umbel-gateway \[flags\]\n[^]*--rest-port [^]*\nExamples:\n {2}umbel gateway\n/,
    );
    expect(slip.stderr).toMatch(/^gateway: --port takes a port from 0 \(any\) to 65535, not "x"\. .*\n$/);
  });

  it("tells what it serves, as data too", async () => {
    const words = ["--json", "gateway", "--port", "0", "--rest-port", "0", "--data", ":memory:"];
    const gateway = startProgram(commandOf(words));
    await gateway.until(/UPSTASH_REDIS_REST_TOKEN/);

    const [first = ""] = gateway.output().split("\n");
    gateway.kill("SIGTERM");

    await gateway.endsWith(0);
    expect(JSON.parse(first)).toEqual({ line: expect.stringMatching(/^QStash's API +http:\/\/127\.0\.0\.1:\d+$/) });
  });

  it("takes no other port than the one that is usual, or asked for, and says who has that", async () => {
    const other = await openGateway();
    onTestFinished(async () => await other.close());
    const port = String(other.port);

    const answer = await umbel(["gateway", "--port", port, "--rest-port", "0", "--data", ":memory:"]);

    expect(answer).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(
        new RegExp(
          `^gateway: port ${port} of 127.0.0.1 is taken: another Umbel gateway runs there\\. .*--port and.*\n$`,
        ),
      ),
    });
  });

  it.skipIf(!hasTerminal)("ends on Ctrl-C in a terminal", async () => {
    await using screen = await openScreen();

    screen.type("umbel gateway --port 0 --rest-port 0 --data :memory:");
    await screen.until(/The environment of an application:\n {2}QSTASH_URL=[^]*UPSTASH_REDIS_REST_TOKEN=umbel-dev/);
    screen.press("C-c");

    await screen.until(/umbel-dev\n(?:\^C)?\$\n/);
    expect(screen.text()).toContain("Messages         in memory: gone when the gateway stops");
  });
});
