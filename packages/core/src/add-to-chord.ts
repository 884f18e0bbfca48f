/**
 * Adds members to the chord that a running task is a member of (delivery.md 13). Only a worker needs it.
 *
 * Nothing is registered before it is sent. What was added is told with the end of the task that has added it, which the
 * chord waits for anyway; and what ends before that counts itself. So a task that dies in between leaves nobody waiting
 * for what was never sent, and the chord is not complete before the last of them (ADR 12).
 *
 * @module
 */

import { endOf, single } from "@umbel/canvas";
import {
  ImproperlyConfigured,
  type Signature as WireSignature,
  type SignatureOptions,
  ValueError,
} from "@umbel/protocol";
import type { Application } from "./application.ts";
import type { ReadySignature } from "./bound-task.ts";
import { calledText } from "./called.ts";
import { equalCalls } from "./equal-calls.ts";
import { childId } from "./identity.ts";
import type { TaskRequest } from "./request.ts";
import type { Scope } from "./scope.ts";
import { type AnySignature, bindSignature, type SignatureCall, type SignatureSender } from "./signature.ts";

/** What one run adds to the chord of its task. */
export interface Additions {
  /** Ids of all that is added, by earlier attempts as well. */
  readonly ids: readonly string[];
  /**
   * Sends a signature as another member; returns its handle. Throws `ValueError` for a task that is in no chord, and once
   * its attempt is over; `ImproperlyConfigured` for what is no signature; and what sending throws.
   */
  readonly add: <Handle extends Identified>(member: ReadySignature<unknown, Handle>) => Promise<Handle>;
  /** Nothing more can be added; resolves when what is being sent has been. */
  readonly close: () => Promise<void>;
}

/** What every handle has. */
interface Identified {
  readonly id: string;
}

/** Opens the additions of a run. */
export function openAdditions({ applyHere }: Application, scope: Scope): Additions {
  const { request } = scope;
  const ids = [...(request.properties.additions ?? [])];
  const memberIds = idsFor(request);
  const places = new Map(ids.map((id, nth) => [id, nth]));
  const open = new Set<Promise<unknown>>();
  let begun = ids.length;
  let isOver = false;

  return {
    ids,
    add: async <Handle extends Identified>(member: ReadySignature<unknown, Handle>) => {
      const chord = chordOf(request, isOver);
      const wire = single(wireOf(request, member));
      const taken = memberIds.take(wire);
      const { id, own } = taken;
      // What an earlier attempt has added keeps its place, whichever message of it comes first.
      const place = places.get(own ?? id) ?? begun++;
      const options = { ...chord, added_at: [...ownPlace(request), place] };
      const sender = applyHere === undefined ? member.sender : sendingBy(applyHere, member.sender);
      const sent = placed<Handle>(sender, wire, { id, options }).applyIn(scope, [], {});
      open.add(sent);
      try {
        const handle = await sent;
        if (!ids.includes(handle.id)) ids.push(handle.id);
        places.set(handle.id, place);
        ids.sort((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0));
        return handle;
      } catch (error) {
        // It may have been sent nevertheless: a body that tries again adds the same member, not another one.
        memberIds.giveBack(taken);
        throw error;
      } finally {
        open.delete(sent);
      }
    },
    close: async () => {
      isOver = true;
      await Promise.allSettled(open);
    },
  };
}

/** A chord whose members run at once is known where they run, and nowhere else. */
function sendingBy(apply: SignatureSender["apply"], sender: SignatureSender): SignatureSender {
  const { composition } = sender;
  return {
    composition,
    apply: async (wire, call) => await apply(wire, { composition, ...call }),
    callHere: async (wire, by) => await sender.callHere(wire, by),
  };
}

/** A signature that is sent to a place of its own. */
function placed<Handle>(
  sender: SignatureSender,
  wire: WireSignature,
  place: NonNullable<SignatureCall["place"]>,
): ReadySignature<unknown, Handle> {
  const by: SignatureSender = {
    composition: sender.composition,
    apply: async (of, call) => await sender.apply(of, { ...call, place }),
    callHere: async (of, composition) => await sender.callHere(of, composition),
  };
  return bindSignature(by, wire);
}

/** Where a member of the task's chord belongs. */
function chordOf({ task, group, groupIndex, chord }: TaskRequest, isOver: boolean): SignatureOptions {
  if (isOver) throw new ValueError(`${task} has ended: nothing can be added to its chord any more`);
  if (chord !== null) return { group_id: group, group_index: groupIndex, chord };
  throw new ValueError(
    `${task} is not a member of a chord, so nothing can be added to it: the last step of each member of a header is`,
  );
}

function wireOf({ task }: TaskRequest, { wire, sender }: Partial<AnySignature>): WireSignature {
  if (sender?.isNobody === true)
    throw new ImproperlyConfigured(`${task} cannot add a canvas without any step to its chord`);
  if (wire !== undefined) return wire;
  throw new ImproperlyConfigured(`${task} can add signatures only to its chord: write .s() for one of a task`);
}

/** What an addition is known by. */
interface TakenId {
  /** Where its ids derive from. */
  readonly id: string;
  /** What the signature brings with it. */
  readonly own: string | undefined;
  readonly called: string;
  readonly nth: number;
}

interface MemberIds {
  readonly take: (member: WireSignature) => TakenId;
  readonly giveBack: (taken: TakenId) => void;
}

/**
 * Ids of what one run adds. A chord counts an id once, so none is taken twice: but a body that is run again, or is retried,
 * adds the same members again, which then are sent once.
 */
function idsFor(request: TaskRequest): MemberIds {
  const equal = equalCalls();
  const named = new Set([request.id]);
  return {
    take(member) {
      const { task_id: own } = endOf(member);
      if (typeof own === "string" && named.has(own)) throw takenBefore(request, member, own);
      if (typeof own === "string") named.add(own);
      const called = calledText(member, { args: [], kwargs: {} });
      const nth = equal.take(called);
      return { id: idOf(request, nth, called), own: own ?? undefined, called, nth };
    },
    giveBack({ called, nth, own = "" }) {
      equal.giveBack(called, nth);
      named.delete(own);
    },
  };
}

function takenBefore({ task }: TaskRequest, member: WireSignature, id: string): ImproperlyConfigured {
  return new ImproperlyConfigured(
    `${task} cannot add ${member.task} to its chord under the id ${JSON.stringify(id)}, which a member of it has: ` +
      "give each a taskId of its own, or none",
  );
}

/**
 * The same for the nth equal addition in every run, also after a retry, which adds nothing twice: not for what replaces the
 * task.
 */
function idOf({ id, replacedTaskNesting: nesting }: TaskRequest, nth: number, called: string): string {
  return childId(id, `chord/${nesting}:${nth}:${called}`);
}

function ownPlace({ groupIndex, properties }: TaskRequest): readonly number[] {
  return properties.added_at ?? [groupIndex ?? Number.MAX_SAFE_INTEGER];
}
