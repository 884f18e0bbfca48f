/**
 * A task that is replaced while it runs (celery-semantics.md 1.8): another signature bears its id, and takes over
 * whatever was to follow it.
 *
 * @module
 */

import { ImproperlyConfigured, type Signature, type TaskEmbed } from "@umbel/protocol";
import { freeze } from "./freeze.ts";
import { bodyIn, kindOf, tasksIn } from "./parts.ts";
import type { ChildId } from "./place.ts";
import { clone, link, linkError, listOf } from "./signature.ts";
import { single } from "./single.ts";
import { optionsOfForeignStamps, type Stamps } from "./stamps.ts";

/** The call that is replaced. */
export interface ReplacedCall {
  readonly id: string;
  readonly root: string;
  readonly parent: string | null;
  readonly group: string | null;
  readonly index: number | null;
  readonly embed: TaskEmbed;
  /** Which attempt of its id it is. */
  readonly attempt: number;
  /** How often its id was replaced before. */
  readonly nesting: number;
  /** Its place among the members that were added to its chord. */
  readonly added?: readonly number[] | null | undefined;
  /** Ids of members that it has added to its chord. */
  readonly adds?: readonly string[];
  readonly stamps: Stamps;
  /** Whether nobody keeps its result. */
  readonly isIgnored: boolean;
  /** Nobody counts: what replaces it stays a group where nothing follows it. */
  readonly isUncounted?: boolean;
}

/**
 * A replacement, frozen and with its place: the call that ends it has the id of the one that it replaces, whatever id it was
 * given itself, and its result is kept where that one's would be, since that is what readers wait for. It has its group and
 * chord, the rest of its chain, and its callbacks; its errbacks and its stamps go to every part of it, where a stamp of that
 * name stays. A group's list is one value, made by `celery.accumulate`. Ids of other nodes derive from the attempt that is
 * replaced, so that an id which is replaced twice meets no id of the first time.
 *
 * Throws `ImproperlyConfigured` for an empty chain and for a signature that is in a chord already, and what {@link freeze}
 * throws.
 */
export function replacement(signature: Signature, of: ReplacedCall, childId: ChildId): Signature {
  refuse(signature);
  const base = replacementBase(of, childId);
  const staysGroup = of.isUncounted === true && !isFollowed(of.embed);
  const linked = withLinks(staysGroup ? signature : single(signature), of.embed);
  const named = withEnd(linked, { task_id: of.id, ignore_result: of.isIgnored });
  return clone(freeze(named, { id: of.id, base, childId }).signature, { options: placeOf(of) });
}

/** The same with these options on the call that ends it. */
function withEnd(signature: Signature, options: Signature["options"]): Signature {
  const { kwargs } = signature;
  switch (kindOf(signature)) {
    case "task":
    case "group":
      return clone(signature, { options });
    case "chain": {
      const tasks = tasksIn(signature);
      return { ...signature, kwargs: { ...kwargs, tasks: [...tasks.slice(0, -1), ...tasks.slice(-1).map(end)] } };
    }
    case "chord":
      return { ...signature, kwargs: { ...kwargs, body: end(bodyIn(signature)) } };
  }

  function end(each: Signature): Signature {
    return withEnd(each, options);
  }
}

/** What the ids of a replacement's other nodes derive from. */
export function replacementBase({ id, attempt }: Pick<ReplacedCall, "id" | "attempt">, childId: ChildId): string {
  return childId(id, `replace/${attempt}`);
}

function refuse(signature: Signature): void {
  if (kindOf(signature) === "chain" && tasksIn(signature).length === 0) {
    throw new ImproperlyConfigured("A task cannot be replaced by an empty chain: give it at least one step");
  }
  if (signature.options.chord === null || signature.options.chord === undefined) return;
  throw new ImproperlyConfigured(
    `A task cannot be replaced by a member of another chord: take the chord off the signature of ${signature.task}`,
  );
}

function isFollowed({ callbacks, chain, chord }: TaskEmbed): boolean {
  return [callbacks, chain, chord].some((each) => listOf(each).length > 0);
}

function withLinks(signature: Signature, { callbacks, errbacks }: TaskEmbed): Signature {
  return listOf(errbacks).reduce(linkError, listOf(callbacks).reduce(link, signature));
}

function placeOf({
  root,
  parent,
  group,
  index,
  embed,
  attempt,
  nesting,
  added,
  adds,
  stamps,
}: ReplacedCall): Signature["options"] {
  return {
    ...optionsOfForeignStamps(stamps),
    root_id: root,
    parent_id: parent,
    group_id: group,
    group_index: index,
    chord: embed.chord ?? null,
    chain: embed.chain ?? null,
    replaced_task_nesting: nesting + 1,
    attempts_before: attempt + 1,
    ...(added ? { added_at: added } : {}),
    ...(adds === undefined || adds.length === 0 ? {} : { additions: adds }),
  };
}
