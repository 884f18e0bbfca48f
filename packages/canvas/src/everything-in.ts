/**
 * All signatures that a canvas consists of: its parts, what is linked to them, at any depth.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { bodyIn, headerIn, kindOf, tasksIn } from "./parts.ts";
import { type Linked, listOf } from "./signature.ts";

/** A signature and each one in it, the outer ones first. Throws `InvalidMessageError` for parts that cannot be read. */
export function everythingIn(signature: Signature): readonly Signature[] {
  const found = [signature];
  // It grows while it is walked: no recursion, for a canvas may be deep.
  for (const each of found) {
    for (const part of partsOf(each)) found.push(part);
    for (const linked of linkedTo(each)) found.push(linked);
  }
  return found;
}

/** The same with each signature in it changed, the inner ones first; the items of chunks stay as they are. */
export function changeEverything(signature: Signature, change: (each: Signature) => Signature): Signature {
  const one = (each: Signature): Signature => changeEverything(each, change);
  const all = (linked: Linked): readonly Signature[] => listOf(linked).map(one);
  const { options } = signature;
  const { link, link_error: linkError, chain, chord } = options;
  const linked = {
    ...(isSet(link) ? { link: all(link) } : {}),
    ...(isSet(linkError) ? { link_error: all(linkError) } : {}),
    ...(isSet(chain) ? { chain: chain.map(one) } : {}),
    ...(isSet(chord) ? { chord: one(chord) } : {}),
  };
  return change({ ...signature, kwargs: changeParts(signature, one), options: { ...options, ...linked } });
}

function changeParts(signature: Signature, one: (each: Signature) => Signature): Signature["kwargs"] {
  const { task, kwargs } = signature;
  switch (task === "celery.chunks" ? "task" : kindOf(signature)) {
    case "task":
      return kwargs;
    case "chain":
    case "group":
      return { ...kwargs, tasks: tasksIn(signature).map(one) };
    case "chord":
      return { ...kwargs, header: one(headerIn(signature)), body: one(bodyIn(signature)) };
  }
}

/** The same with every part changed that is sent at once when it is applied, and what such parts are in, the inner ones first. */
export function changeFirst(signature: Signature, change: (each: Signature) => Signature): Signature {
  const one = (each: Signature): Signature => changeFirst(each, change);
  const { kwargs } = signature;
  switch (kindOf(signature)) {
    case "task":
      return change(signature);
    case "chain": {
      const tasks = tasksIn(signature).map((each, index) => (index === 0 ? one(each) : each));
      return change({ ...signature, kwargs: { ...kwargs, tasks } });
    }
    case "group":
      return change({ ...signature, kwargs: { ...kwargs, tasks: tasksIn(signature).map(one) } });
    case "chord": {
      const header = headerIn(signature);
      const part = tasksIn(header).length > 0 ? { header: one(header) } : { body: one(bodyIn(signature)) };
      return change({ ...signature, kwargs: { ...kwargs, ...part } });
    }
  }
}

function partsOf(signature: Signature): readonly Signature[] {
  switch (kindOf(signature)) {
    case "task":
      return [];
    case "chain":
    case "group":
      return tasksIn(signature);
    case "chord":
      return [...tasksIn(headerIn(signature)), bodyIn(signature)];
  }
}

function linkedTo({ options: { link, link_error: linkError, chain, chord } }: Signature): readonly Signature[] {
  return [...listOf(link), ...listOf(linkError), ...(chain ?? []), ...(isSet(chord) ? [chord] : [])];
}

function isSet<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}
