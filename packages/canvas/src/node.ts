/**
 * A canvas opened up: its parts, each with its share of what was set on the whole.
 *
 * Every other file sees canvases through this one, so the rules of who gets which arguments, options, callbacks and
 * errbacks (celery-wire.md 8.3, celery-semantics.md 3.3, delivery.md 15 and 25) are written once, here.
 *
 * @module
 */

import { ImproperlyConfigured, type Signature } from "@umbel/protocol";
import { endOptions, lastingOptions, startOptions, withoutJoin } from "./options.ts";
import { bodyIn, headerIn, headerKwargsIn, kindOf, type OnError, tasksIn } from "./parts.ts";
import { clone, union } from "./signature.ts";
import { stampOptions } from "./stamps.ts";

/** One call. */
interface TaskNode {
  readonly kind: "task";
}

/** One after the other. */
interface ChainNode {
  readonly kind: "chain";
  readonly steps: readonly Signature[];
}

/** Side by side. */
interface GroupNode {
  readonly kind: "group";
  readonly members: readonly Signature[];
}

/** Side by side, then the body with all their results. */
export interface ChordNode {
  readonly kind: "chord";
  /** Group id of the header, once it is known. */
  readonly group: string | undefined;
  readonly header: readonly Signature[];
  readonly body: Signature;
  readonly onError: OnError;
}

/** What a signature consists of. */
export type Node = TaskNode | ChainNode | GroupNode | ChordNode;

/**
 * Opens a signature. Throws `InvalidMessageError` when its parts cannot be read, `ImproperlyConfigured` when something
 * is linked to a group.
 */
export function nodeOf(signature: Signature): Node {
  switch (kindOf(signature)) {
    case "task":
      return { kind: "task" };
    case "chain":
      return { kind: "chain", steps: stepsOf(signature) };
    case "group":
      return { kind: "group", members: membersOf(signature) };
    case "chord":
      return chordNodeOf(signature);
  }
}

/** A chain's steps: the first with what starts it, the last with what ends it, each with its errbacks. */
export function stepsOf(chain: Signature): readonly Signature[] {
  const tasks = tasksIn(chain);
  return tasks.map((each, index) => {
    const step = index === 0 ? startWith(each, chain) : clone(each, { options: stampOptions(chain.options) });
    return failWith(index === tasks.length - 1 ? endWith(step, chain) : step, chain);
  });
}

/** A group's members in order, those of a group directly inside it in its place. */
export function membersOf(group: Signature): readonly Signature[] {
  if (group.options.link !== null && group.options.link !== undefined) throw new ImproperlyConfigured(linkedGroup);
  return tasksIn(group)
    .flatMap((each) => (kindOf(each) === "group" ? membersOf(each) : [each]))
    .map((each) => failWith(startWith(each, group), group));
}

const linkedGroup =
  "Nothing can be linked to a group, for it has no single end. To follow its list write group.pipe(callback); " +
  "to follow each member link to the members.";

/** A chord's parts: its members with what starts them, its body with what ends it. */
export function chordNodeOf(chord: Signature): ChordNode {
  const header = headerIn(chord);
  const kwargs = headerKwargsIn(chord);
  return {
    kind: "chord",
    group: header.options.task_id ?? undefined,
    header: membersOf(header).map((each) => clone(startWith(each, chord), { kwargs })),
    body: bodyOf(chord),
    onError: bodyIn(chord).options.on_error ?? "fail",
  };
}

/** A chord's body with what ends the chord: its callbacks, its errbacks, the rest of the chain, the chord around it. */
function bodyOf(chord: Signature): Signature {
  const body = bodyIn(chord);
  const { chain } = chord.options;
  const options = { ...lastingOptions(chord.options), ...(chain === undefined ? {} : { chain }) };
  const plain = { ...body, options: withoutJoin(body.options) };
  return failWith(endWith(clone(plain, { options }), chord), chord);
}

function startWith(part: Signature, { args, options, immutable }: Signature): Signature {
  const started = clone(part, { args, options: startOptions(options) });
  return immutable ? { ...started, immutable } : started;
}

function endWith(part: Signature, { options }: Signature): Signature {
  const ended = clone(part, { options: endOptions(options) });
  return withLinks(ended, "link", options.link);
}

function failWith(part: Signature, { options }: Signature): Signature {
  return withLinks(part, "link_error", options.link_error);
}

function withLinks(part: Signature, key: "link" | "link_error", linked: Signature["options"]["link"]): Signature {
  if (linked === null || linked === undefined) return part;
  return { ...part, options: { ...part.options, [key]: union(part.options[key], linked) } };
}
