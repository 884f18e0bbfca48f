/**
 * Names the steps of a plan.
 *
 * @module
 */

import type { Ending, Plan } from "./plan.ts";

/** The same plan with a label on each step: a, b, ... z, a1, b1, ... in the order in which they are written. */
export function labelled(plan: Plan): Plan {
  let count = 0;
  return label(plan);

  function label(part: Plan): Plan {
    const linkError = () => part.linkError.map(label);
    switch (part.kind) {
      case "step": {
        const own = nameOf(count++);
        const ending = endingOf(part.ending);
        return { ...part, label: own, ending, link: part.link.map(label), linkError: linkError() };
      }
      case "chain":
        return { ...part, steps: part.steps.map(label), linkError: linkError() };
      case "group":
        return { ...part, members: part.members.map(label), linkError: linkError() };
      case "chord":
        return { ...part, header: headerOf(part.header), body: label(part.body), linkError: linkError() };
    }
  }

  function endingOf(ending: Ending): Ending {
    if (ending.how === "replaced") return { ...ending, by: label(ending.by) };
    return ending.how === "adds" ? { ...ending, members: ending.members.map(label) } : ending;
  }

  function headerOf(header: readonly Plan[] | Plan): readonly Plan[] | Plan {
    return "kind" in header ? label(header) : header.map(label);
  }
}

function nameOf(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}
