/**
 * Stamps every call of a canvas, by hand or by a visitor (celery-semantics.md 2.6).
 *
 * What is put on a chain, a group or a chord's header goes to the calls in it, to a chord's body too; the container itself
 * keeps nothing. A callback or errback gets what its caller inherited, and what the visitor says of it, but not the caller's
 * own. A call that has a stamp of that name already gets the new one; with `append` both, the new one first.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { bodyIn, headerIn, kindOf, tasksIn } from "./parts.ts";
import { listOf } from "./signature.ts";
import { optionsOfStamps, type Stamps, stampsIn } from "./stamps.ts";

/** Says the stamps of a part; what it says of a container its parts inherit. `inherited` is what the part has so far. */
export type Stamping = (part: Signature, inherited: Stamps) => Stamps | undefined;

/** Is told that a container's parts have been stamped. */
export type StampingEnd = (part: Signature, inherited: Stamps) => void;

/** What is asked at each part of a canvas, in Celery's order: the container, its links, its parts, its end. */
export interface StampVisitor {
  /** Of each call. */
  readonly onSignature?: Stamping;
  readonly onGroupStart?: Stamping;
  readonly onGroupEnd?: StampingEnd;
  readonly onChainStart?: Stamping;
  readonly onChainEnd?: StampingEnd;
  /** Of a chord; when absent {@link onGroupStart} is asked of its header. */
  readonly onChordHeaderStart?: Stamping;
  /** When absent {@link onGroupEnd} is told of its header. */
  readonly onChordHeaderEnd?: StampingEnd;
  /** Of a chord, for its body. */
  readonly onChordBody?: Stamping;
  /** Of each callback. */
  readonly onCallback?: Stamping;
  /** Of each errback. */
  readonly onErrback?: Stamping;
}

/** How stamps are put on. */
export interface StampOptions {
  /** Keep what is stamped already: the stamp becomes a list, the new value first. */
  readonly append?: boolean;
  /** Stamps for all, beside those of a visitor. */
  readonly stamps?: Stamps;
}

/**
 * The same canvas, stamped. Throws `ImproperlyConfigured` for a stamp that is named as an option, `EncodeError` for what is
 * not JSON, `InvalidMessageError` for a canvas whose parts cannot be read.
 */
export function stamp(
  of: Signature,
  given: Stamps | StampVisitor,
  { append = false, stamps = {} }: StampOptions = {},
): Signature {
  if (isVisitor(given)) return stampPart(of, stamps, { visitor: given, append });
  return stampPart(of, { ...given, ...stamps }, { visitor: {}, append });
}

const methods = [
  "onSignature",
  "onGroupStart",
  "onGroupEnd",
  "onChainStart",
  "onChainEnd",
  "onChordHeaderStart",
  "onChordHeaderEnd",
  "onChordBody",
  "onCallback",
  "onErrback",
] as const satisfies readonly (keyof StampVisitor)[];

/** Stamps are data: what has any of the methods is none. */
function isVisitor(given: Stamps | StampVisitor): given is StampVisitor {
  return methods.some((name) => typeof Reflect.get(given, name) === "function");
}

interface How {
  readonly visitor: StampVisitor;
  readonly append: boolean;
}

function stampPart(part: Signature, inherited: Stamps, how: How): Signature {
  switch (kindOf(part)) {
    case "task":
      return stampCall(part, inherited, how);
    case "chain":
      return stampChain(part, inherited, how);
    case "group":
      return stampGroup(part, inherited, how);
    case "chord":
      return stampChord(part, inherited, how);
  }
}

function stampCall(call: Signature, inherited: Stamps, how: How): Signature {
  const linked = stampLinks(call, inherited, how);
  const given = combined(inherited, how.visitor.onSignature?.(call, inherited), how);
  const stamps = combined(stampsIn(call.options), given, how);
  return Object.keys(stamps).length === 0
    ? linked
    : { ...linked, options: { ...linked.options, ...optionsOfStamps(stamps) } };
}

function stampChain(chain: Signature, inherited: Stamps, how: How): Signature {
  const stamps = combined(inherited, how.visitor.onChainStart?.(chain, inherited), how);
  const stamped = stampTasks(stampLinks(chain, stamps, how), stamps, how);
  how.visitor.onChainEnd?.(chain, stamps);
  return stamped;
}

function stampGroup(group: Signature, inherited: Stamps, how: How): Signature {
  const stamps = combined(inherited, how.visitor.onGroupStart?.(group, inherited), how);
  const stamped = stampTasks(stampLinks(group, stamps, how), stamps, how);
  how.visitor.onGroupEnd?.(group, stamps);
  return stamped;
}

function stampChord(chord: Signature, inherited: Stamps, how: How): Signature {
  const { visitor } = how;
  const group = headerIn(chord);
  const said = visitor.onChordHeaderStart?.(chord, inherited) ?? startOfHeader(visitor, group, inherited);
  const stamps = combined(inherited, said, how);
  const linked = stampLinks(chord, stamps, how);
  const header = stampTasks(stampLinks(group, stamps, how), stamps, how);
  if (visitor.onChordHeaderEnd === undefined) visitor.onGroupEnd?.(group, stamps);
  else visitor.onChordHeaderEnd(chord, stamps);
  const body = stampPart(bodyIn(chord), combined(stamps, visitor.onChordBody?.(chord, stamps), how), how);
  return { ...linked, kwargs: { ...linked.kwargs, header, body } };
}

function startOfHeader(visitor: StampVisitor, group: Signature, inherited: Stamps): Stamps | undefined {
  return visitor.onChordHeaderStart === undefined ? visitor.onGroupStart?.(group, inherited) : undefined;
}

function stampTasks(container: Signature, stamps: Stamps, how: How): Signature {
  const tasks = tasksIn(container).map((each) => stampPart(each, stamps, how));
  return { ...container, kwargs: { ...container.kwargs, tasks } };
}

function stampLinks(part: Signature, inherited: Stamps, how: How): Signature {
  const { visitor } = how;
  const { link, link_error: linkError } = part.options;
  const stampLinked = (linked: Signature, said: Stamps | undefined): Signature =>
    stampPart(linked, combined(inherited, said, how), how);
  const callbacks = listOf(link).map((each) => stampLinked(each, visitor.onCallback?.(each, inherited)));
  const errbacks = listOf(linkError).map((each) => stampLinked(each, visitor.onErrback?.(each, inherited)));
  return {
    ...part,
    options: {
      ...part.options,
      ...(callbacks.length === 0 ? {} : { link: callbacks }),
      ...(errbacks.length === 0 ? {} : { link_error: errbacks }),
    },
  };
}

/** Both: of two stamps of a name the newer one, or a list that begins with it. */
function combined(older: Stamps, newer: Stamps | undefined, { append }: How): Stamps {
  if (newer === undefined) return older;
  if (!append) return { ...older, ...newer };
  const both = Object.entries(newer).map(([name, value]) => [
    name,
    name in older ? [value, older[name]].flat() : value,
  ]);
  return { ...older, ...Object.fromEntries(both) };
}
