/**
 * Signatures one by one: made, merged with what a caller adds, linked.
 *
 * Nothing is changed in place: every function returns another signature.
 *
 * @module
 */

import type { Signature, SignatureOptions } from "@umbel/protocol";
import { isEqual } from "./equality.ts";
import { present } from "./options.ts";
import { chainOf, groupOf, headerKwargsIn, kindOf, tasksIn } from "./parts.ts";

/** Arguments and options: a signature's own, or what is added to one. */
export interface Given {
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly options?: SignatureOptions;
}

/** One or several signatures, as `link` and `link_error` have them. */
export type Linked = SignatureOptions["link"];

/** A call that has not been made yet. */
export function signature(task: string, { args = [], kwargs = {}, options = {} }: Given = {}): Signature {
  return { task, args, kwargs, options: present(options), subtask_type: null, immutable: false };
}

/** The same, taking no arguments from whoever applies it. */
export function immutable(of: Signature): Signature {
  return { ...of, immutable: true };
}

/**
 * A signature with more arguments and options (celery-semantics.md 3.2): new positional arguments come before its own,
 * new named ones and options win over its own; an immutable one takes options only.
 */
export function clone(of: Signature, { args = [], kwargs = {}, options = {} }: Given): Signature {
  const merged = { ...of, options: mergeOptions(of.options, options) };
  if (of.immutable) return merged;
  return addKwargs({ ...merged, args: [...args, ...of.args] }, kwargs);
}

/** The same with `callback` sent on success, unless an equal one is linked already. */
export function link(of: Signature, callback: Signature): Signature {
  return { ...of, options: { ...of.options, link: union(of.options.link, callback) } };
}

/** The same with `errback` sent on failure, unless an equal one is linked already. */
export function linkError(of: Signature, errback: Signature): Signature {
  return { ...of, options: { ...of.options, link_error: union(of.options.link_error, errback) } };
}

/** A signature and all that is linked to it, at any depth: callbacks and errbacks. */
export function flattenLinks(of: Signature): readonly Signature[] {
  const { link: callbacks, link_error: errbacks } = of.options;
  return [of, ...[...listOf(callbacks), ...listOf(errbacks)].flatMap(flattenLinks)];
}

/** What is linked, as a list: a single one stands for itself. */
export function listOf(linked: Linked): readonly Signature[] {
  return linked === null || linked === undefined ? [] : [linked].flat();
}

/** Both lists, equal ones once. */
export function union(linked: Linked, more: Linked): readonly Signature[] {
  const all = [...listOf(linked), ...listOf(more)];
  return all.filter((each, index) => all.findIndex((other) => isEqual(each, other)) === index);
}

/** Once a signature has a group or a stamp it keeps it; for everything else the new value wins, unless it is null. */
function mergeOptions(own: SignatureOptions, added: SignatureOptions): SignatureOptions {
  const stamped = own.stamped_headers ?? [];
  const held = Object.fromEntries(["group_id", ...stamped].map((key) => [key, own[key]]));
  const names = [...new Set([...stamped, ...(added.stamped_headers ?? [])])];
  return { ...own, ...present(added), ...present(held), ...(names.length === 0 ? {} : { stamped_headers: names }) };
}

/** Named arguments belong to whoever starts: a chain's first step, each member of a group or of a chord's header. */
function addKwargs(to: Signature, kwargs: Given["kwargs"]): Signature {
  if (kwargs === undefined || Object.keys(kwargs).length === 0) return to;
  const added = (each: Signature) => clone(each, { kwargs });
  switch (kindOf(to)) {
    case "task":
      return { ...to, kwargs: { ...to.kwargs, ...kwargs } };
    case "chain":
      return { ...to, kwargs: chainOf(tasksIn(to).map((each, index) => (index === 0 ? added(each) : each))).kwargs };
    case "group":
      return { ...to, kwargs: groupOf(tasksIn(to).map(added)).kwargs };
    case "chord":
      return { ...to, kwargs: { ...to.kwargs, kwargs: { ...headerKwargsIn(to), ...kwargs } } };
  }
}
