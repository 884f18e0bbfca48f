/**
 * A plan as code, to be pasted into a test.
 *
 * @module
 */

import { type Canvas, type Ending, isPiped, type Plan, type StepPlan } from "./plan.ts";

/** `chain(returns.s("a"), fails.s("b")).delay()`. */
export function printCanvas({ plan, input }: Canvas): string {
  return `${printPlan(plan)}.delay(${input === null ? "" : JSON.stringify(input)})`;
}

/** The same without the sending. */
function printPlan(plan: Plan): string {
  switch (plan.kind) {
    case "step":
      return printStep(plan);
    case "chain": {
      const steps = plan.steps.map(printPlan);
      const [first = "", ...rest] = steps;
      const code = isPiped(plan) ? first + rest.map((each) => `.pipe(${each})`).join("") : `chain(${steps.join(", ")})`;
      return code + linked("linkError", plan.linkError);
    }
    case "group":
      return `group(${listOf(plan.members)})${linked("linkError", plan.linkError)}`;
    case "chord": {
      const header = "kind" in plan.header ? printPlan(plan.header) : listOf(plan.header);
      const options = plan.onError === "fail" ? "" : ', { onError: "collect" }';
      return `chord(${header}, ${printPlan(plan.body)}${options})${linked("linkError", plan.linkError)}`;
    }
  }
}

function listOf(plans: readonly Plan[]): string {
  return `[${plans.map(printPlan).join(", ")}]`;
}

function printStep({ label, ending, immutable, named, later, slow, link, linkError }: StepPlan): string {
  const options = [
    ...(named ? [`taskId: "${label}"`] : []),
    ...(later ? ["countdown: later"] : []),
    ...(slow ? ["headers: slow"] : []),
    ...(ending.how === "expires" ? [`expires: "${ending.when}"`] : []),
  ];
  const set = options.length === 0 ? "" : `.set({ ${options.join(", ")} })`;
  const call = `${taskOf(ending)}.${immutable ? "si" : "s"}("${label}")`;
  return call + set + linked("link", link) + linked("linkError", linkError);
}

function linked(method: "link" | "linkError", plans: readonly Plan[]): string {
  return plans.map((each) => `.${method}(${printPlan(each)})`).join("");
}

/** `retries2`: the ending, and what there is to it. */
function taskOf(ending: Ending): string {
  const value = "value" in ending && ending.value !== "text" ? ending.value : "";
  const times = "times" in ending ? ending.times : "";
  const auto = "auto" in ending && ending.auto ? "auto" : "";
  const when = ending.how === "revoked" ? ending.when : "";
  return `${ending.how}${value}${times}${auto}${when}`;
}
