/**
 * Sends a signature: gives every node its id, checks what is sent now, publishes it, and returns the handle.
 *
 * @module
 */

import { type Algebra, type Call, clone, refuseSharedIds } from "@umbel/canvas";
import { assertJson, ImproperlyConfigured, type ResultTuple, type Signature } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { checkedOptions } from "./call-options.ts";
import { calledText } from "./called.ts";
import { widest } from "./composition.ts";
import { childId } from "./identity.ts";
import * as kinds from "./kinds.ts";
import { checkKind } from "./kinds.ts";
import { checkLaterSteps } from "./later-steps.ts";
import { workerLogger } from "./log.ts";
import { checkItems } from "./mapped-items.ts";
import { refuseUncounted } from "./no-backend.ts";
import { checkCall } from "./publication.ts";
import type { ResultHandle } from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";
import { currentScope, isScopeUnknown, type Scope } from "./scope.ts";
import { sentCalls } from "./sent-calls.ts";
import { compositionOf, type SignatureCall, type SignatureSender } from "./signature.ts";
import { withTargets } from "./targets.ts";
import { linkedIn, wireOptions } from "./wire-options.ts";

/**
 * Sends a signature. Inside a task it is the task's child, with an id that is the same when the attempt is run again.
 * Throws `ValidationError`, `EncodeError`, `ImproperlyConfigured` and `NotSupportedError` before anything is sent, then what
 * publishing throws.
 */
export async function applySignature(
  app: CallingApplication & ResultSource & SignatureSender,
  wire: Signature,
  given: SignatureCall,
): Promise<ResultHandle> {
  const call = { ...given, options: checkedOptions(given.options) };
  checkApplied(wire, call);
  const { composition: own = app.composition } = call;
  const { algebra, start, handleOf } = widest(own, linkedIn(call.options).map(compositionOf));
  const scope = attemptOf(call.scope) ?? findScope(app, wire);
  const { canvas, result, id } = applied(app, algebra, { wire, call, scope });
  const calls = algebra.expand(canvas);
  try {
    await checkCanvas(app, canvas, calls);
    await start(app, canvas, calls);
  } catch (error) {
    // It may have been sent nevertheless: a body that tries again makes the same call, not another one.
    scope?.takeBack(id);
    throw error;
  }
  if (scope !== undefined) adopt(app, scope, { canvas, result });
  return handleOf(app, result, sentCalls(app, { algebra, canvas, calls }));
}

/** A signature, what it is applied to, and the task that applies it. */
interface Applying {
  readonly wire: Signature;
  readonly call: SignatureCall;
  readonly scope: Scope | undefined;
}

/** A canvas with all that it is applied to, and its result. */
interface Applied {
  readonly id: string;
  readonly canvas: Signature;
  readonly result: ResultTuple;
}

/** Gives every node its id, and the canvas its arguments and options. */
function applied(app: CallingApplication, algebra: Algebra, { wire, call, scope }: Applying): Applied {
  const { kwargs = {}, taskId, ...rest } = call.options;
  const { link = null, link_error = null, ...options } = wireOptions(rest);
  const called = () => calledText(wire, { args: call.args, kwargs });
  const { id = taskId ?? scope?.callId(called()) ?? app.platform.newId(), options: place } = call.place ?? {};
  // Callbacks belong to what is frozen: one that could never be sent is refused now.
  const frozen = algebra.freeze(clone(wire, { options: { link, link_error } }), { id, childId });
  const all = { ...lineageOf(app, wire, scope), ...options, ...place };
  const canvas = withTargets(app, clone(frozen.signature, { args: call.args, kwargs, options: all }));
  return { id, canvas, result: frozen.result };
}

/** Counts a call among those of the task that makes it. */
function adopt(
  app: CallingApplication,
  scope: Scope,
  { canvas, result }: { readonly canvas: Signature; readonly result: ResultTuple },
): void {
  const isTrailed = app.tasks.get(scope.request.task)?.options.trail !== false;
  if (isTrailed && canvas.options.add_to_parent !== false) scope.children.push(result);
}

function checkApplied(wire: Signature, { args, options }: SignatureCall): void {
  checkKind("args", kinds.list, args);
  assertJson(args, "args");
  assertJson(wire, wire.task);
  assertJson(options.kwargs ?? {}, "kwargs");
  if (!wire.immutable || (args.length === 0 && options.kwargs === undefined)) return;
  throw new ImproperlyConfigured(`${wire.task} is an immutable signature: it takes no arguments when it is applied`);
}

/**
 * What is known now is checked now, before anything is sent; the arguments that a chain hands on, at the worker. Throws what
 * {@link applySignature} throws before it sends.
 */
export async function checkCanvas(app: CallingApplication, canvas: Signature, calls: readonly Call[]): Promise<void> {
  refuseUncounted(app, canvas);
  refuseSharedIds(canvas);
  checkLaterSteps(app, calls);
  await Promise.all(calls.map(async (each) => await checkSent(app, each)));
}

async function checkSent(app: CallingApplication, call: Call): Promise<void> {
  checkCall(app, call);
  checkItems(app, call);
  await app.tasks.get(call.task)?.accept(call.args, call.kwargs);
}

/** What a call has of the task that makes it, unless its signature says otherwise. */
function lineageOf({ conf }: CallingApplication, { options }: Signature, scope: Scope | undefined) {
  if (scope === undefined) return {};
  const { rootId, id, deliveryInfo } = scope.request;
  const inherited = conf.taskInheritParentPriority ? { parent_priority: deliveryInfo.priority } : {};
  return { root_id: options.root_id ?? rootId, parent_id: options.parent_id ?? id, ...inherited };
}

/** A body that is called like any function is no attempt of its own: its calls belong to the task around it, if any. */
function attemptOf(scope: Scope | undefined): Scope | undefined {
  return scope?.request.calledDirectly === true ? undefined : scope;
}

let warned = false;

function findScope(app: CallingApplication, wire: Signature): Scope | undefined {
  const scope = currentScope();
  if (scope !== undefined || warned || !isScopeUnknown()) return scope;
  warned = true;
  app
    .logger({ logger: workerLogger })
    .warning(
      `${wire.task} is called where this runtime cannot tell whether a task is running; it becomes a root. ` +
        "Call it through the bound task, task.delay(signature), to make it a child.",
    );
  return undefined;
}
