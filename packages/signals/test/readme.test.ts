import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";

const program = readFileSync(new URL("first-program.ts", import.meta.url), "utf8");

it("shows the program that is run here", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

  expect(readme).toContain(`\`\`\`ts\n${program}\`\`\``);
});

it("prints what its comments say", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);

  await import("./first-program.ts");

  const said = [...program.matchAll(/\); \/\/ (?<text>.*)$/gmu)].map((match) => match.groups?.["text"]);
  expect(log.mock.calls.map((each) => each.join(" "))).toEqual(said);
  log.mockRestore();
});
