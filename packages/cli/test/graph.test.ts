import { describe, expect, it } from "vitest";
import { hasTerminal, openScreen } from "./terminal-screen.ts";
import { umbel } from "./umbel.ts";

const module = "packages/cli/test/modules/canvases.ts";

async function graph(...words: readonly string[]) {
  return await umbel(["-A", module, "graph", ...words]);
}

describe("umbel graph", () => {
  it("draws a canvas that the module exports, as Mermaid: what follows a failure is dashed", async () => {
    const { code, stdout } = await graph("nightly");

    expect([code, stdout.trimEnd().split("\n")]).toEqual([
      0,
      [
        "flowchart LR",
        '  n1["tasks.add(2, 2)"]',
        '  n2["tasks.mourn()"]',
        '  n3["tasks.add(10)"]',
        '  n4["tasks.add(20)"]',
        '  n5["tasks.xsum()"]',
        "  n1 -.-> n2",
        "  n5 -.-> n2",
        "  n3 --> n5",
        "  n4 --> n5",
        "  n1 --> n3",
        "  n1 --> n4",
      ],
    ]);
  });

  it("draws one as DOT", async () => {
    const { stdout } = await graph("total", "--format", "dot");

    expect(stdout.trimEnd().split("\n")).toEqual([
      "digraph canvas {",
      "  rankdir=LR;",
      "  node [shape=box];",
      '  n1 [label="tasks.add(1, 1)"];',
      '  n2 [label="tasks.add(2, 2)"];',
      '  n3 [label="tasks.xsum()"];',
      '  n4 [label="tasks.tell()"];',
      "  n3 -> n4;",
      "  n1 -> n3;",
      "  n2 -> n3;",
      "}",
    ]);
  });

  it("draws what is written as in the shell, with texts that have quotes, and as data", async () => {
    const expression = `chain(add.s(1, 1), app.signature("tasks.say", { args: ['"\\\\'] }).linkError(mourn.s()))`;
    const [mermaid, dot, json] = await Promise.all([
      graph(expression),
      graph(expression, "--format=dot"),
      graph(expression, "--json"),
    ]);

    expect(mermaid.stdout).toContain('n2["tasks.say(#quot;\\#quot;\\\\#quot;)"]');
    expect(dot.stdout).toContain(String.raw`n2 [label="tasks.say(\"\\\"\\\\\")"];`);
    expect(dot.stdout).toContain("n2 -> n3 [style=dashed];");
    expect(JSON.parse(json.stdout)).toMatchObject({
      edges: [
        { from: "n2", to: "n3", on: "failure" },
        { from: "n1", to: "n2", on: "success" },
      ],
    });
  });

  it.each([
    ["ad.s(2)", /^umbel: "ad\.s\(2\)" is no canvas: ad is not defined\. There are add, boom, slow, /],
    ["app", /^umbel: "app" is no canvas: it has to be a signature, as add\.s\(2, 2\)\. There are /],
  ])("refuses %s in a line", async (expression, line) => {
    const { code, stdout, stderr } = await graph(expression);

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(line);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it.skipIf(!hasTerminal)("is seen in a terminal", async () => {
    await using screen = await openScreen({ UMBEL_APP: module });

    screen.type("umbel graph 'group(add.s(1, 1), add.s(2, 2))'");

    await screen.until(/^flowchart LR\n {2}n1\["tasks\.add\(1, 1\)"\]\n {2}n2\["tasks\.add\(2, 2\)"\]\n\$/m);
    expect(screen.text()).not.toContain("-->");
  });
});
