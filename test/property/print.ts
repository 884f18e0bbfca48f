/**
 * A plan as code, to be pasted into a test.
 *
 * @module
 */

import { type Canvas, type Ending, isPiped, type Plan, type StepPlan } from "./plan.ts";

/** `chain(returns.s("a"), fails.s("b")).delay()`. */
export function printCanvas({ plan, input, named, stamp }: Canvas): string {
  const code = stamp === null ? printPlan(plan) : `stamp(${printPlan(plan)}, { stamp: "${stamp}" })`;
  const given = named === null ? "" : `.kwargs({ named: "${named}" })`;
  return `${code}${given}.delay(${input === null ? "" : JSON.stringify(input)})`;
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
      return `group(${listOf(plan.members)})${plan.skewed ? ".skew(0, undefined, apart)" : ""}${linked("linkError", plan.linkError)}`;
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

function printStep(step: StepPlan): string {
  const { label, ending, immutable, link, linkError } = step;
  const options = optionsOf(step);
  const set = options.length === 0 ? "" : `.set({ ${options.join(", ")} })`;
  const call = `${taskOf(ending)}.${immutable ? "si" : "s"}("${label}"${sentBy(ending)})`;
  return call + set + linked("link", link) + linked("linkError", linkError);
}

function optionsOf({ label, ending, named, later, slow, large, manner }: StepPlan): readonly string[] {
  return [
    ...(named ? [`taskId: "${label}"`] : []),
    ...(later ? ["countdown: later"] : []),
    ...(slow ? ["headers: slow"] : []),
    ...(large ? ["headers: large"] : []),
    ...(manner === "plain" ? [] : [`headers: ${manner}`]),
    ...(ending.how === "expires" ? [`expires: "${ending.when}"`] : []),
  ];
}

/** What a step sends itself. */
function sentBy(ending: Ending): string {
  if (ending.how === "replaced") return `, ${printPlan(ending.by)}`;
  return ending.how === "adds" ? `, ${listOf(ending.members)}` : "";
}

function linked(method: "link" | "linkError", plans: readonly Plan[]): string {
  return plans.map((each) => `.${method}(${printPlan(each)})`).join("");
}

/** `retries2`: the ending, and what there is to it that can be said in short. */
function taskOf(ending: Ending): string {
  const { how, ...others } = ending;
  const parts = Object.entries(others).flatMap(([name, value]: readonly [string, unknown]) => {
    if (typeof value === "boolean") return value ? [name] : [];
    return typeof value === "string" || typeof value === "number" ? [String(value).replaceAll(" ", "")] : [];
  });
  return [how.replaceAll(" ", ""), ...parts].join("_");
}
