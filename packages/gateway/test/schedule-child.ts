/**
 * A push gateway in a process of its own whose clock is a file: `schedule-child.ts DATABASE CLOCK`. Says where it listens.
 *
 * @module
 */

import { readFileSync } from "node:fs";

import { developmentSigningKeys, developmentToken } from "../src/push/development-keys.ts";
import { listen } from "../src/http/listen.ts";
import { createPushGateway } from "../src/push/gateway.ts";

const [, , database = "", clock = ""] = process.argv;
let time = readClock();

const gateway = createPushGateway({
  database,
  token: developmentToken,
  currentSigningKey: developmentSigningKeys.current,
  nextSigningKey: developmentSigningKeys.next,
  now: () => time,
});
const { port } = await listen(gateway.app.fetch, { port: 0, hostname: "127.0.0.1" });
gateway.start();
setInterval(() => {
  const next = readClock();
  if (next === time) return;
  time = next;
  gateway.wake();
}, 1);
console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));

function readClock(): number {
  return Number(readFileSync(clock, "utf8"));
}
