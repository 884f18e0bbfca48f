import { once } from "node:events";
import { createServer } from "node:net";
import { poll, startProgram } from "@umbel/test/running-program";
import { expect, it, onTestFinished } from "vitest";
import { anyPorts, environmentIn, writtenModule } from "./dev-application.ts";
import { commandOf, umbel } from "./umbel.ts";

const application = `
import { Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app = new Umbel("orders", { broker: qstash(), backend: upstash() });
app.task("orders.slow", async () => { await app.platform.sleep(15); return "done"; });
`;

/** Longer than the time that a worker has for making room. */
it.skipIf(process.env["UMBEL_TEST_LEVEL"] !== "full")(
  "umbel dev kills no worker that has left its port, whoever takes that, and starts the next one when it is free again",
  async () => {
    const { module, write } = await writtenModule(application);
    const dev = startProgram(commandOf(["dev", module, "--data", ":memory:", ...anyPorts]));
    await dev.until(/worker@orders ready\./);
    const environment = environmentIn(dev.output());
    await umbel(["-A", module, "call", "orders.slow"], { environment });
    await dev.until(/Task orders\.slow\[.*\] started/);

    await write("app.ts", `${application}app.task("orders.mail", () => "sent");`);
    const stranger = await firstAt(Number(new URL(environment["UMBEL_WORKER_URL"] ?? "").port));

    await dev.until(/dev {5}\| another program listens at port \d+: the worker is started once it has ended/);
    await dev.until(/Task orders\.slow\[.*\] succeeded/);
    stranger.close();
    await dev.until(
      /another program[^]*worker@orders serves 2 tasks at \S+; new: orders\.mail[^]* worker@orders ready\./,
    );
    expect(dev.output()).not.toContain("was killed");
  },
);

/** Listens there as soon as nobody else does. */
async function firstAt(port: number) {
  const server = createServer();
  onTestFinished(() => void server.close());
  await poll(60, async () => {
    server.listen(port, "127.0.0.1");
    return await once(server, "listening").then(
      () => true,
      () => false,
    );
  });
  return server;
}
