/**
 * Names of keys: Celery's where Celery has them, ours in the same slot of a cluster (delivery.md 18).
 *
 * @module
 */

import { slotOf, textIn } from "./hash-slot.ts";

/** Where things are kept. */
export interface Keys {
  readonly prefix: string;
  /** A task's delivery record. */
  record(id: string): string;
  /** The task whose record has this key. */
  taskOf(record: string): string;
  /** A task's result, in Celery's form; also the channel on which it is announced. */
  result(id: string): string;
  /** Who of a chord has ended. */
  chord(group: string): string;
  /**
   * The channel on which ends of a group's members are announced. Not the name of Celery's key, on whose channel it
   * announces the group; and of characters that every server takes in a URL as they are, but for the id's own.
   */
  members(group: string): string;
  /** A group as it was sent, in Celery's form. */
  group(id: string): string;
  /** A small text of ours. */
  text(name: string): string;
}

/** Keys that all begin with a prefix, as Celery's `global_keyprefix` has it. */
export function keysWith(prefix: string): Keys {
  const result = (id: string): string => `${prefix}celery-task-meta-${id}`;
  const group = (id: string): string => `${prefix}celery-taskset-meta-${id}`;
  return {
    prefix,
    result,
    group,
    record: (id) => besides(result(id)),
    chord: (id) => besides(group(id)),
    members: (id) => `${prefix}umbel-group-${id}`,
    taskOf: (record) => taskIn(record, result("")),
    text: (name) => `umbel:${prefix}${name}`,
  };
}

/**
 * A key of ours in the slot of one of Celery's. A cluster reckons the slot of a key from what stands in its first pair
 * of braces, or from all of it; so braces of its own, in the prefix or the id, stay the first. A key with a brace that
 * closes nothing cannot stand in braces itself: a text stands there that is in its slot by chance.
 */
export function besides(key: string): string {
  if (/^[^{]*\{[^}]+\}/.test(key)) return `umbel:${key}`;
  return key.includes("}") ? `umbel:{${textIn(slotOf(key))}}:${key}` : `umbel:{${key}}`;
}

/** What {@link besides} has put a tag before, or braces around, without what its own key begins with. */
function taskIn(record: string, beginning: string): string {
  const tagged = record.startsWith(`umbel:{${beginning}`) && record.endsWith("}");
  const whole = tagged ? record.slice(0, -1) : record;
  return whole.slice(whole.indexOf(beginning) + beginning.length);
}
