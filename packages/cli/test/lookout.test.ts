import { openGateway } from "@umbel/test/gateway";
import { poll, startProgram } from "@umbel/test/running-program";
import { expect, it, onTestFinished } from "vitest";
import { writtenModule } from "./dev-application.ts";
import { commandOf } from "./umbel.ts";

/** Waits for longer than it takes until a thread that looks is sure. */
const isQuick = process.env["UMBEL_TEST_LEVEL"] !== "full";

const application = `
import { Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app = new Umbel("orders", { broker: qstash(), backend: upstash() });
app.task("orders.add", (x: number, y: number) => x + y);
`;

/** `umbel worker` on Node with flags of Node's. */
async function startedWorker(...flags: readonly string[]) {
  const { module } = await writtenModule(application);
  const gateway = await openGateway();
  onTestFinished(async () => await gateway.close());
  const [node, ...words] = commandOf(["-A", module, "worker", "--port", "0"]);
  return startProgram([node, ...flags, ...words], gateway.variables);
}

it("umbel worker serves where there may be no threads", async () => {
  const worker = await startedWorker("--permission", "--allow-fs-read=*");

  await expect(worker.until(/worker@orders ready\./)).resolves.toBeTruthy();
});

it.skipIf(isQuick)("umbel worker is not said to be blocked while it stands at a breakpoint", async () => {
  const worker = await startedWorker("--inspect=127.0.0.1:0");
  const [, url = ""] = await worker.until(/listening on (ws:\S+)[^]* ready\./);
  const socket = new WebSocket(url);
  onTestFinished(() => socket.close());
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  const paused = new Promise((resolve) => {
    socket.addEventListener("message", ({ data }) => void (String(data).includes("Debugger.paused") && resolve(data)));
  });

  for (const [id, method] of ["Debugger.enable", "Debugger.pause"].entries())
    socket.send(JSON.stringify({ id, method }));
  await paused;

  expect(await poll(5, () => worker.output().includes("is blocked"))).toBe(false);
});
