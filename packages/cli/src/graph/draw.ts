/**
 * A graph in the languages of two programs that draw: Mermaid's and Graphviz's.
 *
 * @module
 */

import type { CanvasGraph } from "./canvas-graph.ts";

/** The lines of a text that Mermaid draws; what follows a failure is dashed. */
export function mermaidOf({ nodes, edges }: CanvasGraph): readonly string[] {
  return [
    "flowchart LR",
    ...nodes.map(({ id, label }) => `  ${id}["${label.replaceAll("&", "#amp;").replaceAll('"', "#quot;")}"]`),
    ...edges.map(({ from, to, on }) => `  ${from} ${on === "failure" ? "-.->" : "-->"} ${to}`),
  ];
}

/** The lines of a text that Graphviz draws; what follows a failure is dashed. */
export function dotOf({ nodes, edges }: CanvasGraph): readonly string[] {
  return [
    "digraph canvas {",
    "  rankdir=LR;",
    "  node [shape=box];",
    ...nodes.map(({ id, label }) => `  ${id} [label="${label.replaceAll(/["\\]/g, String.raw`\$&`)}"];`),
    ...edges.map(({ from, to, on }) => `  ${from} -> ${to}${on === "failure" ? " [style=dashed]" : ""};`),
    "}",
  ];
}
