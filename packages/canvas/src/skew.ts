/**
 * Lets the members of a group start one after the other (celery-semantics.md 3.3).
 *
 * @module
 */

import { ImproperlyConfigured, type Signature } from "@umbel/protocol";
import { membersOf } from "./node.ts";
import { groupOf, kindOf, tasksIn } from "./parts.ts";
import { clone } from "./signature.ts";

/** The same group, its nth member starting after so many seconds. Throws `ImproperlyConfigured` for what is no group. */
export function skew(group: Signature, waitOf: (nth: number) => number): Signature {
  if (kindOf(group) !== "group") throw new ImproperlyConfigured(`${group.task} is no group: it has no members to skew`);
  const members = tasksIn(group).flatMap((each) => (kindOf(each) === "group" ? membersOf(each) : [each]));
  const skewed = members.map((each, nth) => clone(each, { options: { countdown: waitOf(nth) } }));
  return { ...group, kwargs: groupOf(skewed).kwargs };
}
