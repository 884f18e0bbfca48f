/**
 * What a canvas comes to when its calls are made on the spot: one after the other, here, without messages or ids.
 *
 * How a call is made is up to whoever asks. Options, callbacks and errbacks count for nothing: a function that is called
 * has none.
 *
 * @module
 */

import { failureOf, type Signature } from "@umbel/protocol";
import type { MemberEnd } from "./complete.ts";
import { type Evaluate, evaluateSteps } from "./evaluate-steps.ts";
import { nodeOf } from "./node.ts";
import type { OnError } from "./parts.ts";
import { settledSteps } from "./pipe.ts";
import { clone } from "./signature.ts";

/** The value of any canvas. Throws what the first call to fail throws. */
export async function evaluate(signature: Signature, call: Evaluate): Promise<unknown> {
  const node = nodeOf(signature);
  switch (node.kind) {
    case "task":
      return await call(signature);
    case "chain":
      return await evaluateSteps(settledSteps(signature), async (step) => await evaluate(step, call));
    case "group":
      return await evaluateEach(node.members, async (member) => await evaluate(member, call));
    case "chord": {
      const values = await evaluateEach(node.header, async (member) => await endOf(node.onError, member, call));
      return await evaluate(clone(node.body, { args: [values] }), call);
    }
  }
}

async function evaluateEach(members: readonly Signature[], evaluateMember: Evaluate): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  for (const member of members) values.push(await evaluateMember(member));
  return values;
}

/** What a chord's body gets for a member. */
async function endOf(onError: OnError, member: Signature, call: Evaluate): Promise<unknown> {
  if (onError === "fail") return await evaluate(member, call);
  try {
    return { state: "SUCCESS", result: await evaluate(member, call) } satisfies MemberEnd;
  } catch (error) {
    return { state: "FAILURE", error: failureOf(error) } satisfies MemberEnd;
  }
}
