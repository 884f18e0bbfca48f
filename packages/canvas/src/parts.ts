/**
 * The parts of a canvas as they lie in its signature (celery-wire.md 8.1): a chain's and a group's tasks, a chord's
 * header and body.
 *
 * Nested signatures are plain values inside `kwargs`; here they become typed again, and the fields that a foreign writer
 * left out get their defaults. The other direction, making a canvas from its parts, is here too.
 *
 * @module
 */

import { InvalidMessageError, type Signature } from "@umbel/protocol";

/** What a signature is made of: one call, steps in order, members side by side, or members and what follows them all. */
export type Kind = "task" | "chain" | "group" | "chord";

/** What to do when members of a chord's header fail: fail the body, or run it with the end of each member. */
export type OnError = "fail" | "collect";

/** Which kind of canvas a signature is. */
export function kindOf({ subtask_type: kind }: Signature): Kind {
  return kind === "chain" || kind === "group" || kind === "chord" ? kind : "task";
}

/** A chain's steps or a group's members, as written. Throws `InvalidMessageError` when there are none to read. */
export function tasksIn(signature: Signature): readonly Signature[] {
  return listIn(signature, "tasks");
}

/** A chord's header as a group: written as one, as a list, or as another signature that is its only member. */
export function headerIn(chord: Signature): Signature {
  if (Array.isArray(chord.kwargs["header"])) return groupOf(listIn(chord, "header"));
  const header = signatureIn(chord, "header");
  return kindOf(header) === "group" ? header : groupOf([header]);
}

/** A chord's body, as written. */
export function bodyIn(chord: Signature): Signature {
  return signatureIn(chord, "body");
}

/** Named arguments that a chord keeps for the members of its header. */
export function headerKwargsIn(chord: Signature): Readonly<Record<string, unknown>> {
  const kwargs = chord.kwargs["kwargs"];
  return isRecord(kwargs) ? kwargs : {};
}

/** A chain with these steps, nothing upgraded. */
export function chainOf(tasks: readonly Signature[]): Signature {
  return { task: "celery.chain", ...blank, kwargs: { tasks }, subtask_type: "chain" };
}

/** A group with these members, and its id once that is known. */
export function groupOf(tasks: readonly Signature[], id?: string): Signature {
  const options = id === undefined ? {} : { task_id: id };
  return { task: "celery.group", ...blank, kwargs: { tasks }, options, subtask_type: "group" };
}

/** A chord of these parts. */
export function chordOf(header: readonly Signature[] | Signature, body: Signature): Signature {
  return { task: "celery.chord", ...blank, kwargs: { header, body, kwargs: {} }, subtask_type: "chord" };
}

const blank = { args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false } as const;

function listIn(signature: Signature, key: string): readonly Signature[] {
  const list = signature.kwargs[key];
  if (!Array.isArray(list))
    throw new InvalidMessageError(`${signature.task} has no list of signatures in kwargs.${key}`);
  return list.map((each: unknown, index) => complete(each) ?? refuse(`${signature.task} kwargs.${key}[${index}]`));
}

function signatureIn(signature: Signature, key: string): Signature {
  return complete(signature.kwargs[key]) ?? refuse(`${signature.task} kwargs.${key}`);
}

/** A signature with all its fields: itself when it has them, for a canvas is opened often. */
function complete(value: unknown): Signature | undefined {
  if (!isSignature(value)) return undefined;
  return isWhole(value) ? value : { ...blank, ...value };
}

function refuse(place: string): never {
  throw new InvalidMessageError(`${place} is not a signature`);
}

/** Fields that are missing are filled in by whoever asks; a field that is there must be of its type. */
function isSignature(value: unknown): value is Pick<Signature, "task"> & Partial<Signature> {
  return (
    isRecord(value) &&
    typeof value["task"] === "string" &&
    (value["args"] === undefined || Array.isArray(value["args"])) &&
    (value["kwargs"] === undefined || isRecord(value["kwargs"])) &&
    (value["options"] === undefined || isRecord(value["options"]))
  );
}

function isWhole(value: Pick<Signature, "task"> & Partial<Signature>): value is Signature {
  const { args, kwargs, options, subtask_type: kind, immutable } = value;
  return Boolean(args && kwargs && options) && kind !== undefined && immutable !== undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
