/** One turn of the event loop, which the kit takes to let a program in memory come to rest. */

import { expect, it } from "vitest";
import { turn } from "../src/turn.ts";

it("lets what is ready run: a request's body is read in it", async () => {
  let text: string | undefined;
  const reading = new Request("http://127.0.0.1/", { method: "POST", body: "told" }).text();
  void reading.then((read) => void (text = read));

  for (let turns = 0; turns < 4; turns += 1) await turn();

  expect(text).toBe("told");
});

it("lets timers come in between, however many are taken", async () => {
  const end = performance.now() + 10_000;
  const came: string[] = [];
  setTimeout(() => void came.push("a timer"), 5);

  while (came.length === 0 && performance.now() < end) await turn();

  expect(came).toEqual(["a timer"]);
});
