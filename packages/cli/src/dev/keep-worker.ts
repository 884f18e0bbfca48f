/**
 * Keeps the worker of `umbel dev`: one at a time serves, and those before it finish what they have begun.
 *
 * @module
 */

import { basename } from "node:path";
import type { Say } from "./part-lines.ts";
import { untilFree } from "./ports.ts";
import { codeFilesIn } from "./watch-files.ts";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.ts";

/** What a worker is kept with. */
export interface Keeping {
  /** After the program's name. */
  readonly args: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Where its code may be. */
  readonly folders: readonly string[];
  readonly say: Say;
}

/** Seconds for tasks that run when all is stopped. */
const patience = 10;
/** Seconds for tasks that run in a worker when the next one has taken its place. */
const longest = 600;

/** The beginning of a warning that is none here: the keys are those of the gateway beside it, both on loopback. */
const publicKeys = "No signing keys of your own: ";

/** What it logs, at the level of what is usual, when it serves. */
const readyLine = /(\S+@\S+) ready\.$/;

/** Starts a worker at once, anew when its code changes, and says when it has ended by itself. */
export class WorkerKeeper {
  readonly #keeping: Keeping;
  readonly #leaving: Set<WorkerProcess> = new Set();
  #current: WorkerProcess | undefined;
  #turn: Promise<void> = Promise.resolve();
  /** The files that were there when it was loaded: no other can be part of it. */
  #known: Promise<ReadonlySet<string>> = Promise.resolve(new Set());
  #name: string | undefined;
  /** A file that has come since: nobody imports it, or one who does cannot be loaded. */
  #newcomer: string | undefined;

  constructor(keeping: Keeping) {
    this.#keeping = keeping;
    this.#start();
  }

  /** The worker's name, as it has told when it was ready; undefined while its log has no such line. */
  get name(): string | undefined {
    return this.#name;
  }

  /** Takes note that these files have changed. One that is new makes a difference to a worker only that has ended. */
  async changed(files: readonly string[]): Promise<void> {
    const known = await this.#known;
    const file = files.find((each) => known.has(each) || this.#current === undefined);
    if (file === undefined) this.#newcomer = files[0];
    else await this.#renew(file);
  }

  /** Ends all of them. */
  async stop(): Promise<void> {
    await this.#turn;
    if (this.#current !== undefined) this.#leaving.add(this.#current);
    this.#current = undefined;
    await Promise.all([...this.#leaving].map(async (each) => await this.#end(each, patience)));
  }

  #start(): void {
    const { args, environment, folders, say } = this.#keeping;
    let isLoaded = false;
    this.#newcomer = undefined;
    this.#known = codeFilesIn(folders);
    const started = startWorkerProcess({ args, environment, hear: (line) => hear(line) });
    const hear = (line: string): void => {
      // Its first line comes when the module is loaded: what was written meanwhile may be part of it.
      if (!isLoaded && this.#current === started) this.#known = codeFilesIn(folders);
      isLoaded = true;
      this.#name = readyLine.exec(line)?.[1] ?? this.#name;
      if (!line.includes(publicKeys)) say("worker", line);
    };
    this.#current = started;
    void this.#watchEnd(started);
  }

  async #watchEnd(started: WorkerProcess): Promise<void> {
    const how = await started.ended;
    if (this.#current !== started) return;
    this.#current = undefined;
    if (this.#newcomer !== undefined) return await this.#renew(this.#newcomer);
    this.#keeping.say("dev", `the worker has ended (${how}): it is started again when a file changes`);
  }

  async #renew(file: string): Promise<void> {
    this.#turn = this.#turn.then(async () => await this.#replace(file));
    await this.#turn;
  }

  async #replace(file: string): Promise<void> {
    const { host, port, say } = this.#keeping;
    say("dev", `${basename(file)} has changed: the worker is started again`);
    this.#leave();
    await untilFree(port, { host, seconds: patience });
    this.#start();
  }

  /** The one before finishes what runs, while the next one serves already. */
  #leave(): void {
    const left = this.#current;
    this.#current = undefined;
    if (left === undefined) return;
    this.#leaving.add(left);
    void this.#end(left, longest).then(() => this.#leaving.delete(left));
  }

  async #end(left: WorkerProcess, seconds: number): Promise<void> {
    if (await left.stop(seconds)) return;
    this.#keeping.say("dev", `a worker was ended with what ran in it: it was not finished ${seconds} s after the stop`);
  }
}
