import { startProgram } from "@umbel/test/running-program";
import { describe, expect, it } from "vitest";
import { portFor } from "../src/dev/ports.ts";
import { readLine } from "../src/serving/signs.ts";
import { anyPorts, devRuntimes, writtenModule } from "./dev-application.ts";
import { commandOf } from "./umbel.ts";

const head = `
import { Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app = new Umbel("shop", { broker: qstash(), backend: upstash() });
`;

const large = `${head}
for (let i = 0; i < 5000; i += 1) app.task("shop.a_task_of_a_long_name.number_" + i, () => i);
`;

const noisy = `${head}
console.log("binary \\u0001umbel of a blob");
console.log('\\u0001umbel {"serving":"nothing"}');
console.log("started by", process.env["UMBEL_STARTER"]);
`;

async function startedDev(text: string, runtime: (typeof devRuntimes)[number]) {
  const { module } = await writtenModule(text);
  return startProgram(commandOf(["dev", module, "--data", ":memory:", "--no-events", ...anyPorts], runtime));
}

describe.each(devRuntimes)("umbel dev on %s", (runtime) => {
  it("serves more tasks than a pipe has room for", async () => {
    const dev = await startedDev(large, runtime);

    const last = /worker {2}\| {3}\. shop\.a_task_of_a_long_name\.number_4999\n[^]* worker@shop ready\./;
    await expect(dev.until(last)).resolves.toBeTruthy();
  });

  it("takes nothing that an application prints for a sign, and tells what it starts nothing of who started it", async () => {
    const dev = await startedDev(noisy, runtime);

    await dev.until(/worker@shop ready\./);

    expect(dev.output()).toContain("umbel of a blob\n");
    expect(dev.output()).toContain('{"serving":"nothing"}\n');
    expect(dev.output()).toContain("started by undefined\n");
  });
});

describe("a line of a worker", () => {
  const mark = "\u0001umbel:secret ";

  it("is a sign where what follows the mark is an object, and for people what stands before", () => {
    const heard = readLine(`half a line${mark}{"ready":true}`, mark);

    expect(heard).toEqual({ text: "half a line", sign: { ready: true } });
  });

  it.each(["half of {", "null", "4", ""])("is for people where %j follows the mark", (rest) => {
    expect(readLine(mark + rest, mark)).toEqual({ text: mark + rest });
  });
});

describe("a port", () => {
  it("is not said to be taken where its address is none of this machine", async () => {
    await expect(portFor(0, "203.0.113.1")).rejects.toThrow(/^nothing can listen at 203\.0\.113\.1:0: .*EADDRNOTAVAIL/);
  });
});
