import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, it, onTestFinished } from "vitest";

import { embeddedEngine } from "../src/redis/embedded/engine.ts";
import { openDatabase } from "../src/store/database.ts";
import { startDestination, until } from "./push-harness.ts";

it("the README's program delivers", async () => {
  const destination = await startDestination();
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, program = ""] = /```js\n(.+?)```/s.exec(readme) ?? [];
  const here = program
    .replace('"./data"', '":memory:", port: 0, restPort: 0')
    .replace("http://127.0.0.1:8787", destination.url);

  const node = fileURLToPath(new URL("../../../node_modules/.bin/node", import.meta.url));
  const process = spawn(node, ["--conditions=@umbel/source", "--input-type=module", "--eval", here], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: ["ignore", "ignore", "inherit"],
  });
  onTestFinished(() => void process.kill("SIGKILL"));

  await until(() => destination.arrivals.length === 1);
  expect(destination.arrivals[0]).toMatchObject({ url: "/hook", body: '{"hello":"world"}' });
});

it("the README names the commands that the embedded engine has, and no others", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, named = ""] = /```text\n(.+?)```/s.exec(readme) ?? [];
  const database = openDatabase(":memory:");
  onTestFinished(() => database.close());

  const [reply] = await embeddedEngine({ database }).run([{ name: "nonsense", args: [] }], { atomic: false });

  const [, had = ""] = /the embedded engine has (.+?);/.exec(String(reply)) ?? [];
  expect(named.split(/\s+/).filter((each) => each !== "")).toEqual(had.split(" ").toSorted());
});
