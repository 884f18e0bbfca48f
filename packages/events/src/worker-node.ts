/**
 * A worker, as its events tell of it (celery-semantics.md 6.4).
 *
 * @module
 */

import { type Field, field, isAmount, isClock, isNumber, isNumbers, isText, nullable } from "./field.ts";

/** What is known of a worker. Null where no event has told it. */
export interface WorkerFields {
  /** Name of the node, `name@host`. */
  readonly hostname: string;
  readonly pid: number | null;
  /** Seconds between its heartbeats. */
  readonly freq: number;
  /** When it was last heard, in Unix seconds here: four times at most, the last one last. None once it has gone offline. */
  readonly heartbeats: readonly number[];
  /** Lamport clock of its last event about itself. */
  readonly clock: number;
  /** Tasks that it runs. */
  readonly active: number | null;
  /** Tasks that it has run. */
  readonly processed: number | null;
  /** Load of its machine over one, five and fifteen minutes. */
  readonly loadavg: readonly number[] | null;
  /** Its software, for example `py-celery`. */
  readonly swIdent: string | null;
  readonly swVer: string | null;
  readonly swSys: string | null;
  /** Seconds that its last event came later than its own clock says. Over 16, and one of the clocks is wrong. */
  readonly drift: number | null;
}

/** A worker, as its events tell of it. */
export interface WorkerNode extends WorkerFields {
  /** `hostname.pid`. */
  readonly id: string;
  /** Whether it was heard within twice its interval. */
  readonly alive: boolean;
  readonly statusString: "ONLINE" | "OFFLINE";
  /** Unix seconds from which on it counts as gone; null when it has gone, or was never heard. */
  readonly heartbeatExpires: number | null;
  toJSON(): WorkerFields;
}

/** The worker that the state changes. */
export class WorkerModel implements WorkerNode {
  readonly hostname: string;
  pid: number | null = null;
  freq = 60;
  heartbeats: readonly number[] = [];
  clock = 0;
  active: number | null = null;
  processed: number | null = null;
  loadavg: readonly number[] | null = null;
  swIdent: string | null = null;
  swVer: string | null = null;
  swSys: string | null = null;
  drift: number | null = null;
  readonly #now: () => number;

  /** The clock tells Unix seconds. */
  constructor(hostname: string, now: () => number) {
    this.hostname = hostname;
    this.#now = now;
  }

  get id(): string {
    return this.pid === null ? this.hostname : `${this.hostname}.${this.pid}`;
  }

  get alive(): boolean {
    return this.heartbeatExpires !== null && this.#now() < this.heartbeatExpires;
  }

  get statusString(): "ONLINE" | "OFFLINE" {
    return this.alive ? "ONLINE" : "OFFLINE";
  }

  get heartbeatExpires(): number | null {
    const last = this.heartbeats.at(-1);
    return last === undefined ? null : last + this.freq * heartbeatsMissed;
  }

  /** Any event of a worker shows that it lives. */
  hear(timestamp: number, receivedAt: number): void {
    this.drift = receivedAt - timestamp;
    this.heartbeats = [...this.heartbeats, receivedAt].toSorted(byNumber).slice(-heartbeatsKept);
  }

  leave(): void {
    this.heartbeats = [];
  }

  toJSON(): WorkerFields {
    return fieldsOf(this);
  }
}

/** How many intervals a worker may be silent. */
const heartbeatsMissed = 2;
const heartbeatsKept = 4;

/** Seconds of drift that are worth a word. */
const mostDrift = 16;

/** Whether the clock of a worker, or the one here, seems to be wrong. */
export function isDrifting({ drift }: WorkerNode): boolean {
  return drift !== null && Math.abs(drift) > mostDrift;
}

/** Every field but the name, as a snapshot keeps it. */
export const workerFields: Readonly<Record<Exclude<keyof WorkerFields, "hostname">, Field<WorkerModel>>> = {
  pid: nullable("pid", isNumber),
  freq: field("freq", isAmount),
  heartbeats: field("heartbeats", isNumbers),
  clock: field("clock", isClock),
  active: nullable("active", isNumber),
  processed: nullable("processed", isNumber),
  loadavg: nullable("loadavg", isNumbers),
  swIdent: nullable("swIdent", isText),
  swVer: nullable("swVer", isText),
  swSys: nullable("swSys", isText),
  drift: nullable("drift", isNumber),
};

function fieldsOf(worker: WorkerModel): WorkerFields {
  const { ...fields } = worker;
  return fields;
}

function byNumber(one: number, other: number): number {
  return one - other;
}
