/**
 * A small world in which calls are performed: it keeps states, joins chords, and sends what follows, in an order that it
 * is told, and as often as it is told.
 *
 * What a real broker and backend promise is here in a few lines: a task runs once, its first end stays, a chord counts
 * members. Everything that is sent goes through JSON on its way.
 *
 * @module
 */

import {
  afterFailure,
  afterIgnored,
  afterRevoked,
  afterSuccess,
  type Call,
  completeChord,
  type Consequence,
  expand,
  type Following,
  freeze,
  type Given,
} from "@umbel/canvas";
import {
  type ChordPart,
  failureOf,
  type JoinEffect,
  type ResultTuple,
  type Signature,
  type TaskMessage,
} from "@umbel/protocol";
import { childId } from "./build.ts";

/** Thrown by a task's body to end in another way than with a value or an error. */
export class End extends Error {
  readonly how: "ignored" | "revoked";

  constructor(how: "ignored" | "revoked") {
    super(how);
    this.how = how;
  }
}

/** What a task does. */
export type Body = (args: readonly unknown[], call: Call) => unknown;

/** How a node has ended. */
export interface Ended {
  readonly state: string;
  /** The value, or what was thrown as text. */
  readonly result: unknown;
}

/** Chooses one of so many: the first, unless the order is to be random. */
export type Choose = (count: number) => number;

const following: Following = { childId, now: Date.UTC(2026, 0, 1) };

/** A world, and what has happened in it. */
export class World {
  /** Ends by id. */
  readonly ended: Map<string, Ended> = new Map<string, Ended>();
  /** Every call that was performed, in order. */
  readonly performed: Call[] = [];
  readonly #bodyOf: (task: string) => Body;
  readonly #choose: Choose;
  readonly #waiting: Consequence[] = [];
  readonly #outbox = new Map<string, readonly Consequence[]>();
  readonly #parts = new Map<string, Map<string, ChordPart>>();

  /** Calls and consequences are performed in the order that `choose` gives, and some of them twice. */
  constructor(bodyOf: (task: string) => Body, choose: Choose = () => 0) {
    this.#bodyOf = bodyOf;
    this.#choose = choose;
  }

  /** Sends a signature under the id `root` and performs everything that follows; returns the ids of its result. */
  run(signature: Signature, given: Given = {}): ResultTuple {
    const frozen = freeze(signature, { id: "root", childId });
    for (const call of expand(throughJson(frozen.signature), given)) this.#waiting.push({ kind: "call", call });
    for (let next = this.#take(); next !== undefined; next = this.#take()) this.#perform(throughJson(next));
    return frozen.result;
  }

  /** Value of a result: of a task, or of a group as a list. Throws what a task of it has thrown. */
  valueOf([[id], members]: ResultTuple): unknown {
    if (members !== null) return members.map((each) => this.valueOf(each));
    const end = this.ended.get(id);
    if (end?.state === "SUCCESS") return end.result;
    throw new Error(`${id} is ${end?.state ?? "PENDING"}: ${JSON.stringify(end?.result)}`);
  }

  /** One in five times what is taken also stays, to be performed once more. */
  #take() {
    const index = this.#choose(this.#waiting.length);
    return this.#choose(5) === 4 ? this.#waiting[index] : this.#waiting.splice(index, 1)[0];
  }

  #perform(consequence: Consequence): void {
    switch (consequence.kind) {
      case "call":
        this.#waiting.push(...this.#attempt(consequence.call));
        return;
      case "settle":
        this.#end(consequence.id, { state: consequence.state, result: consequence.result?.result });
        return;
      case "join":
        this.#waiting.push(...this.#join(consequence));
    }
  }

  #attempt(call: Call): readonly Consequence[] {
    if (this.ended.has(call.id)) return this.#choose(5) === 4 ? (this.#outbox.get(call.id) ?? []) : [];
    this.performed.push(call);
    const { end, consequences } = runBody(this.#bodyOf(call.task), call);
    this.#end(call.id, end);
    this.#outbox.set(call.id, consequences);
    return consequences;
  }

  #end(id: string, end: Ended): void {
    if (!this.ended.has(id)) this.ended.set(id, end);
  }

  #join({ group, part, size, body, root }: JoinEffect): readonly Consequence[] {
    const members = this.#parts.get(group) ?? new Map<string, ChordPart>();
    if (!members.has(part.id)) members.set(part.id, part);
    this.#parts.set(group, members);
    if (members.size < size) return [];
    const inOrder = [...members.values()].toSorted((one, other) => (one.index ?? 0) - (other.index ?? 0));
    return completeChord(body, inOrder, { ...following, root });
  }
}

function runBody(body: Body, call: Call): { end: Ended; consequences: readonly Consequence[] } {
  const message = messageOf(call);
  try {
    const result = body(call.args, call);
    return { end: { state: "SUCCESS", result }, consequences: afterSuccess(message, result, following) };
  } catch (error) {
    return unsuccessful(message, error);
  }
}

function unsuccessful(message: TaskMessage, error: unknown): { end: Ended; consequences: readonly Consequence[] } {
  const failure = failureOf(error);
  if (!(error instanceof End))
    return { end: { state: "FAILURE", result: failure }, consequences: afterFailure(message, { failure }, following) };
  if (error.how === "revoked")
    return { end: { state: "REVOKED", result: failure }, consequences: afterRevoked(message, { failure }, following) };
  return { end: { state: "IGNORED", result: null }, consequences: afterIgnored(message, following) };
}

/** The message of a call, as far as the canvas reads it. */
export function messageOf({ id, task, args, kwargs, options, embed }: Call): TaskMessage {
  const headers = {
    id,
    task,
    root_id: options.root_id,
    parent_id: options.parent_id ?? null,
    group: options.group_id ?? null,
    group_index: options.group_index ?? null,
    retries: options.retries ?? 0,
  };
  return { headers, properties: {}, body: [args, kwargs, embed] };
}

function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
