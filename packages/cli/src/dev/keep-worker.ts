/**
 * Keeps the worker of `umbel dev`: one at a time serves, and those before it finish what they have begun.
 *
 * @module
 */

import { basename } from "node:path";
import type { Heard } from "../serving/signs.ts";
import { type BackOff, openBackOff } from "./back-off.ts";
import type { Say } from "./part-lines.ts";
import { untilFree } from "./ports.ts";
import { codeFilesIn } from "./watch-files.ts";
import { blockerAmong, type WorkerLines, workerLines } from "./worker-lines.ts";
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

/** Seconds for tasks that run when all is stopped, and for a worker to make room for the next one. */
const patience = 10;
/** The same where a task blocks the worker: it hears nothing of a stop while that lasts. */
const patienceWithBlocked = 2;
/** Seconds in which a port is free once nobody listens any more: programs look at it now and then, this one too. */
const moment = 1;
/** Seconds for tasks that run in a worker when the next one has taken its place. */
const longest = 600;

/** Starts a worker at once, anew when its code changes, and again after a pause when one that was ready has ended by itself. */
export class WorkerKeeper {
  readonly #keeping: Keeping;
  readonly #lines: WorkerLines;
  readonly #leaving: Set<WorkerProcess> = new Set();
  readonly #backOff: BackOff = openBackOff();
  #current: WorkerProcess | undefined;
  #turn: Promise<void> = Promise.resolve();
  /** The files that were there when it was loaded: no other can be part of it. */
  #known: Promise<ReadonlySet<string>> = Promise.resolve(new Set());
  /** A file that has come since: nobody imports it, or one who does cannot be loaded. */
  #newcomer: string | undefined;
  /** Starts one that has ended by itself. */
  #again: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(keeping: Keeping) {
    this.#keeping = keeping;
    this.#lines = workerLines(keeping.say);
    this.#start();
  }

  /** The worker's name, as it has told when it was ready; undefined while its log has no such line. */
  get name(): string | undefined {
    return this.#lines.name();
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
    this.#isStopped = true;
    await this.#turn;
    clearTimeout(this.#again);
    if (this.#current !== undefined) this.#leaving.add(this.#current);
    this.#current = undefined;
    await Promise.all([...this.#leaving].map(async (each) => await this.#end(each, patienceWith(each))));
  }

  #start(): void {
    const { args, environment, folders } = this.#keeping;
    let isLoaded = false;
    clearTimeout(this.#again);
    this.#newcomer = undefined;
    this.#known = codeFilesIn(folders);
    const hear = (heard: Heard): void => {
      // What it tells first comes when the module is loaded: what was written meanwhile may be part of it.
      if (!isLoaded && this.#current === started) this.#known = codeFilesIn(folders);
      isLoaded = true;
      this.#lines.tell(heard);
    };
    const started = startWorkerProcess({ args, environment, hear });
    this.#current = started;
    void this.#watchEnd(started);
  }

  async #watchEnd(started: WorkerProcess): Promise<void> {
    const how = await started.ended;
    if (this.#current !== started) return;
    this.#current = undefined;
    const readyAt = started.readyAt();
    if (readyAt !== undefined) this.#startLater(how, (performance.now() - readyAt) / 1000);
    else if (await this.#isTaken()) await this.#inTurn(async () => await this.#startWhereNone());
    else if (this.#newcomer !== undefined) await this.#renew(this.#newcomer);
    else this.#keeping.say("dev", `the worker has ended (${how}): it is started again when a file changes`);
  }

  /** What it has ended of may be gone: a message that comes again later, or what a task was connected to. */
  #startLater(how: string, lived: number): void {
    const wait = this.#backOff.next(lived);
    this.#keeping.say("dev", `the worker has ended (${how}): it is started again in ${wait} s, or when a file changes`);
    this.#again = setTimeout(() => this.#start(), wait * 1000);
  }

  async #renew(file: string): Promise<void> {
    await this.#inTurn(async () => await this.#replace(file));
  }

  /** One after the other. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work);
    await this.#turn;
  }

  async #replace(file: string): Promise<void> {
    this.#keeping.say("dev", `${basename(file)} has changed: the worker is started again`);
    this.#backOff.reset();
    clearTimeout(this.#again);
    const left = this.#current;
    this.#leave();
    await this.#startWhenFree(left);
  }

  /** The one before finishes what runs, while the next one serves already. */
  #leave(): void {
    const left = this.#current;
    this.#current = undefined;
    if (left === undefined) return;
    this.#leaving.add(left);
    void this.#end(left, longest).then(() => this.#leaving.delete(left));
  }

  /** Whether that is why it could not be served. */
  async #isTaken(): Promise<boolean> {
    const { port, host } = this.#keeping;
    return !(await untilFree(port, host, () => true));
  }

  /** Unless a change has started one meanwhile. */
  async #startWhereNone(): Promise<void> {
    if (this.#current === undefined) await this.#startWhenFree(undefined);
  }

  async #startWhenFree(left: WorkerProcess | undefined): Promise<void> {
    await this.#untilRoom(left);
    if (!this.#isStopped) this.#start();
  }

  /** Until nobody listens at its port. The one before has its time for that; for another program there is no end of it. */
  async #untilRoom(left: WorkerProcess | undefined): Promise<void> {
    const { port, host, say } = this.#keeping;
    const isFreeIn = async (seconds: () => number): Promise<boolean> => {
      const askedAt = performance.now();
      const isEnough = (): boolean => this.#isStopped || performance.now() - askedAt > seconds() * 1000;
      return await untilFree(port, host, isEnough);
    };
    if (await isFreeIn(() => (left?.hasLeft() === false ? patienceWith(left) : moment))) return;
    if (left?.hasLeft() === false) await this.#end(left, 0, `it still listened ${patience} s after the stop`);
    if (await isFreeIn(() => moment)) return;
    if (!this.#isStopped)
      say("dev", `another program listens at port ${port}: the worker is started once it has ended`);
    await isFreeIn(() => Infinity);
  }

  async #end(
    left: WorkerProcess,
    seconds: number,
    why = `it was not finished ${seconds} s after the stop`,
  ): Promise<void> {
    if (await left.stop(seconds)) return;
    const blockers = left.blockedBy();
    const because = blockers === undefined ? why : `${blockerAmong(blockers)} blocked it`;
    this.#keeping.say("dev", `a worker was killed with what ran in it: ${because}`);
  }
}

function patienceWith(left: WorkerProcess | undefined): number {
  return left?.blockedBy() === undefined ? patience : patienceWithBlocked;
}
