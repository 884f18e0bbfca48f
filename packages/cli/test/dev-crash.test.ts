import { startProgram } from "@umbel/test/running-program";
import { describe, expect, it } from "vitest";
import { openBackOff } from "../src/dev/back-off.ts";
import { anyPorts, devRuntimes, environmentIn, writtenModule } from "./dev-application.ts";
import { commandOf, umbel } from "./umbel.ts";

const application = `
import { Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app = new Umbel("orders", { broker: qstash(), backend: upstash() });
app.task("orders.add", (x: number, y: number) => x + y);
app.task("orders.stray", () => void Promise.reject(new Error("smtp down")));
app.task("orders.thrown", () => void setTimeout(() => { throw new Error("out of reach"); }));
`;

async function startedDev(runtime: "node" | "bun" | "deno") {
  const { module } = await writtenModule(application);
  const dev = startProgram(commandOf(["dev", module, "--data", ":memory:", ...anyPorts], runtime));
  await dev.until(/worker@orders ready\./);
  const environment = environmentIn(dev.output());
  const call = async (name: string, args: string) =>
    await umbel(["-A", module, "call", name, "-a", args], { environment });
  return { dev, call };
}

it.each(devRuntimes)(
  "the worker of umbel dev survives a promise that nobody awaits, and is started again after an error that nobody catches, on %s",
  async (runtime) => {
    const { dev, call } = await startedDev(runtime);

    await call("orders.stray", "[]");
    await dev.until(/ERROR\] A promise was rejected that nobody awaits; await what a task begins: Error: smtp down/);
    expect(dev.output()).not.toContain("the worker has ended");
    await call("orders.thrown", "[]");
    await dev.until(/ERROR\] An error was thrown outside of every task, so the worker ends: Error: out of reach/);
    await dev.until(/dev {5}\| the worker has ended \(code 1\): it is started again in 1 s, or when a file changes/);
    await dev.until(/started again in 1 s[^]*worker {2}\| worker@orders serves 3 tasks at [^]* worker@orders ready\./);
    await call("orders.add", "[2, 2]");

    await expect(dev.until(/Task orders\.add\[.*\] succeeded in .*: 4/)).resolves.toBeTruthy();
  },
);

describe("the pauses of one that goes on ending", () => {
  it("double, up to half a minute", () => {
    const { next } = openBackOff();

    expect(Array.from({ length: 7 }, () => next(1))).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });

  it("begin anew when it has lived for a minute, and when its cause may be gone", () => {
    const { next, reset } = openBackOff();
    const pauses = [next(1), next(1), next(60), next(1)];
    reset();

    expect([...pauses, next(1)]).toEqual([1, 2, 1, 2, 1]);
  });
});
