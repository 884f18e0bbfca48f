/**
 * Tasks of a library: declared without an application, and given to one later. Celery's `shared_task`.
 *
 * There is no application that is the current one: what a shared task is sent by is the application that it was registered
 * with. Where there are several, each has a handle of its own, which `register` returns.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { type Declaration, type Declared, optionsIn } from "./declare.ts";
import { line } from "./line.ts";
import type { NoKwargs } from "./named.ts";
import type { SignatureSender } from "./signature.ts";
import { createTask, type Task } from "./task.ts";
import type {
  BodyOf,
  BodyWithNamed,
  JsonBody,
  NamedParametersOf,
  ParametersOf,
  Returning,
  ReturnOf,
  TaskDeclaration,
} from "./task-body.ts";

/** A task that may belong to several applications, or to none yet. */
export interface SharedTask<P extends readonly unknown[], R, K = NoKwargs> extends Task<P, R, K> {
  /** Gives it to an application: {@link Umbel.register} does. */
  readonly attach: (app: SharingApplication) => Task<P, R, K>;
}

/** An application, as a shared task sees it. */
export interface SharingApplication extends CallingApplication, SignatureSender {
  /** Declares the task as one of its own. */
  readonly declare: (declaration: Declaration) => Declared;
}

/**
 * Declares a task without an application; its options and its body are those of `app.task`. Until it is registered it can
 * be composed, and neither sent nor called: that throws `ImproperlyConfigured`.
 */
export function sharedTask<
  Run extends BodyOf<Bind, Out, Made>,
  Bind extends boolean = false,
  In extends readonly unknown[] = never,
  Out extends readonly unknown[] = never,
  Named extends object = never,
  Made = never,
  Params extends readonly string[] = never,
  Result = unknown,
>(
  options: string | TaskDeclaration<Bind, In, Out, Named, Made, Params, Result>,
  body:
    | (Run & JsonBody<Run, Bind, In, NoInfer<Made>> & Returning<NoInfer<Result>>)
    | BodyWithNamed<Bind, Out, NoInfer<Made>>,
): SharedTask<ParametersOf<Run, Bind, In, Made>, ReturnOf<Run>, NamedParametersOf<Named, Params>>;
export function sharedTask(options: string | Declaration["options"], body: Declaration["body"]): object {
  const declaration = { options: optionsIn(options), body };
  const { bind: _bind, args: _args, kwargs: _kwargs, base: _base, ...own } = declaration.options;
  const owners = new Map<SharingApplication, Declared>();
  const handle = createTask({
    sender: {
      composition: line,
      // Beside what belongs to an application, it goes with that.
      isNobody: true,
      apply: async (wire, call) => await owner(own.name, owners).app.apply(wire, call),
      callHere: async (wire, composition) => await owner(own.name, owners).app.callHere(wire, composition),
    },
    registered: {
      name: own.name,
      get options() {
        return owners.size === 1 ? owner(own.name, owners).declared.registered.options : own;
      },
    },
    callHere: async (...given) => await owner(own.name, owners).declared.task(...given),
  });
  return Object.assign(handle, {
    attach(app: SharingApplication) {
      const declared = owners.get(app) ?? app.declare(declaration);
      owners.set(app, declared);
      return declared.task;
    },
  });
}

/** The one application that a task belongs to. */
function owner(name: string, owners: ReadonlyMap<SharingApplication, Declared>) {
  const [only, ...others] = owners;
  if (only === undefined) {
    throw new ImproperlyConfigured(`The shared task "${name}" belongs to no application yet: app.register(task)`);
  }
  if (others.length === 0) return { app: only[0], declared: only[1] };
  const names = [only, ...others].map(([{ name: each }]) => each).join(", ");
  throw new ImproperlyConfigured(
    `The shared task "${name}" belongs to several applications (${names}): use what app.register(task) returned`,
  );
}
