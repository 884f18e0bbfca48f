/**
 * A field that is filled from outside: by an event, or by a snapshot.
 *
 * @module
 */

/** What may stand in a field of a model, and how it gets there. */
export interface Field<Model> {
  fits(value: unknown): boolean;
  /** Fills the field with a value that fits, and says whether it does. */
  fill(model: Model, value: unknown): boolean;
}

/** Whether a value is of a kind. */
export type Guard<Value> = (value: unknown) => value is Value;

/** A field that is null where nothing is told. */
export function nullable<Key extends string, Value>(key: Key, guard: Guard<Value>): Field<Record<Key, Value | null>> {
  return field(key, (value): value is Value | null => value === null || guard(value));
}

/** A field that always has a value of its kind. Undefined is taken for null. */
export function field<Key extends string, Value>(key: Key, guard: Guard<Value>): Field<Record<Key, Value>> {
  return {
    fits: (value = null) => guard(value),
    fill(model, value = null) {
      if (!guard(value)) return false;
      model[key] = value;
      return true;
    },
  };
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** A text that is not empty. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** A number that is finite. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A number of things, or of seconds. */
export function isAmount(value: unknown): value is number {
  return isNumber(value) && value >= 0;
}

/** A list of numbers. */
export function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isNumber);
}

/** An object, which is no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A logical clock. */
export function isClock(value: unknown): value is number {
  return Number.isSafeInteger(value) && isAmount(value);
}
