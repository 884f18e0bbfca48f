/**
 * Ends that say the same, stored once: when a step of a long chain fails, each step after it ends for the same reason,
 * traceback and all.
 *
 * @module
 */

import type { Effect } from "./effect.ts";
import { isPlainObject } from "./json-value.ts";
import { writeJson } from "./json.ts";
import type { ResultMeta } from "./result.ts";

/** Effects to write: the result of a settled node is that of the effect at `as`, but for the ids; its root is that one's. */
export function shareResults(effects: readonly Effect[]): readonly unknown[] {
  const firsts = new Map<string, number>();
  const numberOf = numbering();
  return effects.map((effect, index) => {
    if (effect.kind !== "settle" || effect.result === undefined) return effect;
    const { result, root, ...settle } = effect;
    const said = `${numberOf(root ?? null)} ${saidBy(result, numberOf)}`;
    const first = firsts.get(said);
    if (first === undefined || result.task_id !== effect.id) {
      firsts.set(said, index);
      return effect;
    }
    return { ...settle, as: first, ...groupOf(result) };
  });
}

/** What was read, with a result of its own for each that shares one. What is none is left to whoever checks. */
export function unshareResults(effects: unknown): unknown {
  if (!Array.isArray(effects)) return effects;
  return effects.map((effect: unknown) => {
    if (!isPlainObject(effect) || typeof effect["as"] !== "number") return effect;
    const { as, group_id: group, ...settle } = effect;
    const first: unknown = effects[as];
    const shared = isPlainObject(first) && isPlainObject(first["result"]) ? first["result"] : {};
    const { group_id: _, ...said } = shared;
    return {
      ...rootOf(first),
      ...settle,
      result: { ...said, task_id: settle["id"], ...(group === undefined ? {} : { group_id: group }) },
    };
  });
}

function rootOf(first: unknown): { readonly root?: unknown } {
  return isPlainObject(first) && first["root"] !== undefined ? { root: first["root"] } : {};
}

/** All of a result but whose it is, its values by number. */
function saidBy(result: ResultMeta, numberOf: (value: unknown) => number): string {
  const { task_id: _, group_id: __, ...said } = result;
  const given = Object.entries(said).filter(([, value]) => value !== undefined);
  return writeJson(given.map(([name, value]) => [name, numberOf(value)]));
}

/**
 * Numbers values: what is written alike has the same number. The same object or text is written once only: a traceback
 * that ten thousand ends have in common would otherwise be, for each of them.
 */
function numbering(): (value: unknown) => number {
  const written = new Map<unknown, number>();
  const texts = new Map<string, number>();
  return (value) => {
    const isShared = typeof value === "object" || typeof value === "string";
    const known = isShared ? written.get(value) : undefined;
    if (known !== undefined) return known;
    const text = writeJson(value);
    const number = texts.get(text) ?? texts.size;
    texts.set(text, number);
    if (isShared) written.set(value, number);
    return number;
  };
}

function groupOf({ group_id: group }: ResultMeta): Pick<ResultMeta, "group_id"> {
  return group === undefined ? {} : { group_id: group };
}
