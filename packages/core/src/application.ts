/**
 * What the parts of an application share: the class that a user holds is one.
 *
 * @module
 */

import type { Backend, Broker, CallerBackend, CallerBroker } from "@umbel/protocol";
import type { ConnectOptions, Receiver, Signal, SignalEvent, Signals, TaskSuccess } from "@umbel/signals";
import type { BoundTask } from "./bound-task.ts";
import type { Configuration } from "./configuration.ts";
import type { Stored } from "./json.ts";
import type { Logger, LogOrigin } from "./log.ts";
import type { Oversight } from "./oversight.ts";
import type { Platform } from "./platform.ts";
import type { TaskRequest } from "./request.ts";
import type { RetryPolicy } from "./retry.ts";
import type { SignatureSender } from "./signature.ts";
import type { TaskOptions } from "./task-options.ts";

/** A task as a worker finds it by name. */
export interface RegisteredTask {
  readonly name: string;
  readonly options: TaskOptions;
  readonly policy: RetryPolicy;
  /** Returns the arguments as the body takes them. Throws `ValidationError`, or `TypeError` for names it does not know. */
  accept(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): Promise<readonly unknown[]>;
  /** Throws `TypeError` for a step that cannot be called with these, as far as that can be told before it is. */
  checkStep?(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): void;
  /** True: it is told of failures, by the failed call or by its id. */
  readonly isErrback?: boolean;
  /** Calls the body. */
  run(task: BoundTask, args: readonly unknown[]): unknown;
}

/** The signals of an application: what they are about is a registered task, and its request. */
export interface ApplicationSignals extends Omit<Signals<RegisteredTask, TaskRequest>, "taskSuccess"> {
  readonly taskSuccess: SuccessSignal;
}

/** Where one task is listened to, its result is known. */
export interface SuccessSignal extends Signal<TaskSuccess, RegisteredTask> {
  connect<Result>(
    receiver: (event: SuccessOf<Result>) => unknown,
    options: ConnectOptions & { readonly sender: ReturningTask<Result> },
  ): (event: SuccessOf<Result>) => unknown;
  connect<Wanted extends Receiver<TaskSuccess, RegisteredTask>>(receiver: Wanted, options?: ConnectOptions): Wanted;
}

type SuccessOf<Result> = SignalEvent<TaskSuccess, RegisteredTask> & { readonly result: Stored<Result> };

/** A task, as far as it says what it returns. */
interface ReturningTask<Result> {
  readonly name: string;
  (...args: never): Promise<Result>;
}

/** An application, as those of its parts see it that send calls and read results. */
export interface CallingApplication {
  readonly name: string;
  readonly conf: Configuration;
  readonly platform: Platform;
  readonly signals: ApplicationSignals;
  readonly tasks: ReadonlyMap<string, RegisteredTask>;
  /** Throws `ImproperlyConfigured` when there is none. */
  readonly broker: CallerBroker;
  /** Where there is none, one whose every call throws `NotSupportedError`. */
  readonly backend: CallerBackend;
  readonly hasBackend: boolean;
  /** Its calls run in this process: nobody is told that they were sent. */
  readonly isEager?: true;
  /** What is known of operators' wishes. */
  readonly oversight: Oversight;
  /** A logger whose lines carry so much more than the text. */
  logger(origin: LogOrigin): Logger;
}

/** An application, as those of its parts see it that run tasks. */
export interface Application extends CallingApplication {
  /** Throws `ImproperlyConfigured` when there is none, or only a caller's. */
  readonly broker: Broker;
  /** Throws `ImproperlyConfigured` when there is only a caller's. Where there is none, one that remembers nothing. */
  readonly backend: Backend;
  /** Sends what belongs to the canvas of a running task, where that runs at once, with ports that no signature knows. */
  readonly applyHere?: SignatureSender["apply"];
}
