/**
 * One moment in a program's life that others may listen to.
 *
 * Receivers are called one after the other, in the order in which they were connected; what one of them throws reaches
 * neither the sender nor the next receiver. A connection lives until it is undone: there are no weak references, so a
 * function written in place goes on being called (in Celery it would silently be dropped).
 *
 * @module
 */

import { checkOptionNames, ImproperlyConfigured } from "@umbel/protocol";

/** Whoever a signal is about: a name, or something that has one. Two with the same name are the same sender. */
export type SignalSender = string | { readonly name: string };

/** What a receiver is called with: the payload's fields, and where they come from. */
export type SignalEvent<Payload extends object, Sender extends SignalSender> = Payload & {
  readonly signal: Signal<Payload, Sender>;
  readonly sender: Sender;
};

/** Listens to a signal. What it returns is handed to the sender; a promise is awaited. */
export type Receiver<Payload extends object, Sender extends SignalSender> = (
  event: SignalEvent<Payload, Sender>,
) => unknown;

/** How one receiver answered. */
export type SignalResponse<Payload extends object, Sender extends SignalSender> =
  | { readonly receiver: Receiver<Payload, Sender>; readonly response: unknown }
  | { readonly receiver: Receiver<Payload, Sender>; readonly error: unknown };

/** What a receiver listens to, and how it is told apart. */
export interface ConnectOptions {
  /** Only what this sender sends; everything when absent. A name matches the thing of that name. */
  readonly sender?: SignalSender;
  /** Stands for the receiver where connections are compared: a second function under the same one is not added. */
  readonly dispatchUid?: string;
}

const optionNames = { sender: true, dispatchUid: true } satisfies Record<keyof ConnectOptions, true>;

/** Told of every receiver that throws. */
export type ReceiverErrorHandler = (error: unknown, signal: { readonly name: string }) => void;

/** Settings of a {@link Signal}. */
export interface SignalOptions {
  /** Defaults to a line on the console. */
  readonly onError?: ReceiverErrorHandler;
}

interface Connection<Payload extends object, Sender extends SignalSender> {
  readonly receiver: Receiver<Payload, Sender>;
  /** Name of the only sender that is listened to. */
  readonly from: string | undefined;
  /** The receiver, or the uid that stands for it. */
  readonly identity: unknown;
}

/** A moment that receivers can be connected to. */
export class Signal<
  Payload extends object = Readonly<Record<string, unknown>>,
  Sender extends SignalSender = SignalSender,
> {
  readonly name: string;
  /** Told of every receiver that throws; may be replaced. */
  onError: ReceiverErrorHandler;
  #connections: readonly Connection<Payload, Sender>[] = [];

  constructor(name: string, { onError = logToConsole }: SignalOptions = {}) {
    this.name = name;
    this.onError = onError;
  }

  /**
   * Calls `receiver` from now on. Returns it; connecting it again, for the same sender, changes nothing.
   * Throws `ImproperlyConfigured` for what is no function, for an option that there is not, and for a sender without a name.
   */
  connect<Wanted extends Receiver<Payload, Sender>>(receiver: Wanted, options: ConnectOptions = {}): Wanted {
    checkOptionNames(`${this.name}.connect()`, options, optionNames);
    // No compiler may have seen it: it would be told at each later sending.
    if (typeof receiver !== "function")
      throw new ImproperlyConfigured(`${this.name}.connect() takes a function, and was given a ${typeof receiver}`);
    const connection = connectionOf<Payload, Sender>(receiver, options);
    if (!this.#connections.some((each) => isSame(each, connection))) {
      this.#connections = [...this.#connections, connection];
    }
    return receiver;
  }

  /** Stops calling `receiver`; the sender and uid must be those it was connected with. Tells whether it was connected. */
  disconnect(receiver: Receiver<Payload, Sender>, options: ConnectOptions = {}): boolean {
    checkOptionNames(`${this.name}.disconnect()`, options, optionNames);
    const connection = connectionOf<Payload, Sender>(receiver, options);
    const kept = this.#connections.filter((each) => !isSame(each, connection));
    const found = kept.length < this.#connections.length;
    this.#connections = kept;
    return found;
  }

  /** Calls everybody who listens to this sender, and tells how each answered. Never throws what a receiver throws. */
  async send(sender: Sender, payload: Payload): Promise<readonly SignalResponse<Payload, Sender>[]> {
    const responses: SignalResponse<Payload, Sender>[] = [];
    for (const receiver of this.#receiversOf(sender)) {
      responses.push(await this.#call(receiver, { ...payload, signal: this, sender }));
    }
    return responses;
  }

  /** Whether anybody listens to this sender; without one, whether anybody listens at all. */
  hasListeners(sender?: SignalSender): boolean {
    return sender === undefined ? this.#connections.length > 0 : this.#receiversOf(sender).length > 0;
  }

  /** `<Signal: task_success>`. */
  toString(): string {
    return `<Signal: ${this.name}>`;
  }

  async #call(
    receiver: Receiver<Payload, Sender>,
    event: SignalEvent<Payload, Sender>,
  ): Promise<SignalResponse<Payload, Sender>> {
    try {
      return { receiver, response: await receiver(event) };
    } catch (error) {
      this.onError(error, this);
      return { receiver, error };
    }
  }

  #receiversOf(sender: SignalSender): readonly Receiver<Payload, Sender>[] {
    const name = nameOf(sender);
    return this.#connections.filter(({ from }) => from === undefined || from === name).map((each) => each.receiver);
  }
}

function connectionOf<Payload extends object, Sender extends SignalSender>(
  receiver: Receiver<Payload, Sender>,
  { sender, dispatchUid }: ConnectOptions,
): Connection<Payload, Sender> {
  return { receiver, from: sender === undefined ? undefined : nameIn(sender), identity: dispatchUid ?? receiver };
}

/** What no compiler has seen may have no name. It would be as no sender at all, and the receiver be called for everybody's. */
function nameIn(sender: SignalSender): string {
  const name: unknown = typeof sender === "string" ? sender : Reflect.get(Object(sender), "name");
  if (typeof name === "string") return name;
  throw new ImproperlyConfigured(`A receiver listens to a sender by its name, and a ${typeof sender} has none`);
}

/** Celery's rule: a connection is the receiver (or its uid) together with the sender. */
function isSame<Payload extends object, Sender extends SignalSender>(
  one: Connection<Payload, Sender>,
  other: Connection<Payload, Sender>,
): boolean {
  return one.identity === other.identity && one.from === other.from;
}

function nameOf(sender: SignalSender): string {
  return typeof sender === "string" ? sender : sender.name;
}

function logToConsole(error: unknown, { name }: { readonly name: string }): void {
  console.error(`A receiver of the signal ${name} threw`, error);
}
