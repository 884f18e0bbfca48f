/**
 * Applies a frozen signature: which messages are to be sent now (celery-wire.md 8.3).
 *
 * What is not sent now travels inside what is: the rest of a chain, reversed, with its first step; a chord's body with
 * each member of the header. A member that is a chain carries the body on its last task, one that is a chord on its body.
 *
 * @module
 */

import type { Signature, SignatureOptions } from "@umbel/protocol";
import { type Call, callOf, taskIdOf } from "./call.ts";
import { firstStepOf } from "./first-step.ts";
import { chordNodeOf, membersOf } from "./node.ts";
import { lineageOptions } from "./options.ts";
import { bodyIn, headerIn, kindOf, tasksIn } from "./parts.ts";
import { clone, type Given } from "./signature.ts";

/**
 * The calls of a frozen signature, with these arguments before its own. Without `root_id` it is a root itself.
 * Throws `ImproperlyConfigured` when the signature was not frozen.
 */
export function expand(signature: Signature, given: Given = {}): readonly Call[] {
  const root = given.options?.root_id ?? signature.options.root_id ?? resultIdOf(signature);
  return callsOf(clone(signature, { ...given, options: { ...given.options, root_id: root } }));
}

/** Id of a frozen signature's result: of a task, or of a group when it ends in one. */
export function resultIdOf(signature: Signature): string {
  switch (kindOf(signature)) {
    case "task":
    case "group":
      return taskIdOf(signature);
    case "chain":
      return resultIdOf(tasksIn(signature).at(-1) ?? signature);
    case "chord":
      return resultIdOf(bodyIn(signature));
  }
}

function callsOf(signature: Signature): readonly Call[] {
  switch (kindOf(signature)) {
    case "task":
      return [callOf(signature)];
    case "chain":
      return [firstStepOf(signature)].flatMap((first) => (first === undefined ? [] : callsOf(first)));
    case "group":
      return inGroup(membersOf(signature), { group_id: taskIdOf(signature) }).flatMap(callsOf);
    case "chord":
      return chordCalls(signature);
  }
}

function chordCalls(signature: Signature): readonly Call[] {
  const { header, body, onError } = chordNodeOf(signature);
  if (header.length === 0) return callsOf(clone(body, { args: [[]], options: lineageOptions(signature.options) }));
  const chord = clone(body, {
    options: { chord_size: header.length, ...(onError === "fail" ? {} : { on_error: onError }) },
  });
  return inGroup(header, { group_id: taskIdOf(headerIn(signature)), chord }).flatMap(callsOf);
}

function inGroup(members: readonly Signature[], options: SignatureOptions): readonly Signature[] {
  return members.map((each, index) => clone(each, { options: { ...options, group_index: index } }));
}
