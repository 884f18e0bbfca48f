/**
 * The port inside the gateway between HTTP and whatever executes Redis commands.
 *
 * Two implementations: `redisServer` (a real Redis) and `embeddedEngine` (SQLite). They know nothing of HTTP, and HTTP
 * knows nothing of them: everything is bytes, as in Redis itself, or text until somebody wants its bytes.
 *
 * @module
 */

/** One command as it came in. */
export interface Command {
  /** As the client wrote it; compared without regard to case. */
  readonly name: string;
  readonly args: readonly Argument[];
}

/** Bytes; or a text as it came, which stands for its bytes in UTF-8. */
export type Argument = Buffer | string;

/** The bytes of an argument. */
export function bytesOf(argument: Argument): Buffer {
  return typeof argument === "string" ? Buffer.from(argument) : argument;
}

/** An argument as text; bytes that are none are lost. */
export function textOf(argument: Argument): string {
  return typeof argument === "string" ? argument : argument.toString();
}

/**
 * What a command answers. Status replies are bytes like any other: a client of ioredis cannot tell them apart.
 * Errors are answers too, so that one in a pipeline leaves the others alone.
 */
export type Reply = Buffer | number | bigint | null | CommandError | readonly Reply[];

/** A command was refused or failed. The message is Redis's own: a code in capitals, then a sentence. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** The engine cannot answer at all: nothing is known about what became of the commands. */
export class EngineUnavailable extends Error {
  override readonly name = "EngineUnavailable";
}

/** A channel, or a pattern of channels. */
export interface Topic {
  readonly kind: "channel" | "pattern";
  readonly name: string;
}

/** Who listens to a topic. */
export interface Listener {
  message(channel: string, message: Buffer): void;
  /** Messages may have been missed, and none will come any more: whoever needs them subscribes again. */
  lost(): void;
}

/** Executes commands. */
export interface RedisEngine {
  /**
   * Executes commands in order; one reply each, errors in their places. What is answered is as durable as the engine
   * is. With `atomic` nothing comes between them, and when one of them cannot even be understood none is executed:
   * rejects with `CommandError`. Rejects with `EngineUnavailable` when there is no answer.
   */
  run(commands: readonly Command[], options: { readonly atomic: boolean }): Promise<readonly Reply[]>;
  /** Resolves once every message published from now on will be heard. What it resolves with ends it. */
  subscribe(topic: Topic, listener: Listener): Promise<() => void>;
  /** Ends what is listened to as well. */
  close(): Promise<void>;
}
