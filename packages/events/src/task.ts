/**
 * A task, as its events tell of it (celery-semantics.md 6.4).
 *
 * @module
 */

import { isReady } from "@umbel/protocol";
import type { Moment } from "./moment.ts";
import type { WorkerModel, WorkerNode } from "./worker-node.ts";

/** What is known of a task. Null where no event has told it. Instants are Unix seconds, by the clock of the sender. */
export interface TaskFields {
  readonly uuid: string;
  /** Only sent and received events tell it. */
  readonly name: string | null;
  /** A state of Celery's, or the subject of an event of one's own in capitals: `task-my-progress` makes it `MY-PROGRESS`. */
  readonly state: string;
  readonly sent: number | null;
  readonly received: number | null;
  readonly started: number | null;
  readonly succeeded: number | null;
  readonly failed: number | null;
  readonly retried: number | null;
  readonly revoked: number | null;
  readonly rejected: number | null;
  /** A text for people, like `kwargs`, `result` and `exception`: Python's repr. */
  readonly args: string | null;
  readonly kwargs: string | null;
  readonly eta: string | null;
  readonly expires: string | null;
  readonly retries: number | null;
  readonly result: string | null;
  readonly exception: string | null;
  readonly traceback: string | null;
  /** Seconds that the attempt which succeeded took. */
  readonly runtime: number | null;
  readonly exchange: string | null;
  readonly routingKey: string | null;
  /** Of the event that made the state what it is. */
  readonly timestamp: number;
  /** Of the event that made the state what it is. */
  readonly clock: number;
  /** Who sent it: the node name of the client. */
  readonly client: string | null;
  readonly rootId: string | null;
  readonly parentId: string | null;
  /** Fields that have no meaning laid down, by their names: those of events of one's own, and what Celery tells besides. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** The last that was heard of it, by which tasks are put in order. */
  readonly heard: Moment;
}

/** A task as JSON: others by their ids, the worker by its name. */
export interface TaskJson extends TaskFields {
  readonly worker: string | null;
  readonly children: readonly string[];
}

/** A task, as its events tell of it. It changes when the next one comes. */
export interface Task extends TaskFields {
  /** The same as `uuid`. */
  readonly id: string;
  /** Who had it last. */
  readonly worker: WorkerNode | null;
  /** `host.pid` of its worker; the client while there is none. */
  readonly origin: string | null;
  /** Whether it has ended: SUCCESS, FAILURE or REVOKED. */
  readonly ready: boolean;
  /** The task that called it; null too when that is not known here. */
  readonly parent: Task | null;
  readonly root: Task | null;
  /** The tasks that it has called. */
  readonly children: readonly Task[];
  /** Fields to show to people, without those that are null; Celery's selection by default. */
  info(fields?: readonly (keyof TaskFields)[], extra?: readonly (keyof TaskFields)[]): Partial<TaskFields>;
  toJSON(): TaskJson;
}

/** Where a task finds its relatives. */
export interface Family {
  task(uuid: string): Task | undefined;
  childrenOf(uuid: string): readonly Task[];
}

/** By what tasks can be asked for. */
export interface Filing {
  name: string | null;
  state: string | null;
  worker: string | null;
  parentId: string | null;
  rootId: string | null;
}

/** The task that the state changes. */
export class TaskModel implements Task {
  readonly uuid: string;
  name: string | null = null;
  state = "PENDING";
  sent: number | null = null;
  received: number | null = null;
  started: number | null = null;
  succeeded: number | null = null;
  failed: number | null = null;
  retried: number | null = null;
  revoked: number | null = null;
  rejected: number | null = null;
  args: string | null = null;
  kwargs: string | null = null;
  eta: string | null = null;
  expires: string | null = null;
  retries: number | null = null;
  result: string | null = null;
  exception: string | null = null;
  traceback: string | null = null;
  runtime: number | null = null;
  exchange: string | null = null;
  routingKey: string | null = null;
  timestamp = 0;
  clock = 0;
  client: string | null = null;
  rootId: string | null = null;
  parentId: string | null = null;
  extra: Readonly<Record<string, unknown>> = nothing;
  heard: Moment = unheard;
  worker: WorkerModel | null = null;
  /** Under what it is filed at present. */
  readonly filed: Filing = { name: null, state: null, worker: null, parentId: null, rootId: null };
  readonly #family: Family;

  constructor(uuid: string, family: Family) {
    this.uuid = uuid;
    this.#family = family;
  }

  get id(): string {
    return this.uuid;
  }

  get origin(): string | null {
    return this.worker?.id ?? this.client;
  }

  get ready(): boolean {
    return isReady(this.state);
  }

  get parent(): Task | null {
    return this.#relative(this.parentId);
  }

  get root(): Task | null {
    return this.#relative(this.rootId);
  }

  get children(): readonly Task[] {
    return this.#family.childrenOf(this.uuid);
  }

  info(
    fields: readonly (keyof TaskFields)[] = usualInfo,
    extra: readonly (keyof TaskFields)[] = [],
  ): Partial<TaskFields> {
    const told = [...fields, ...extra].filter((name) => this[name] !== null);
    return Object.fromEntries(told.map((name) => [name, this[name]]));
  }

  toJSON(): TaskJson {
    return { ...fieldsOf(this), worker: this.worker?.hostname ?? null, children: this.children.map(({ id }) => id) };
  }

  #relative(uuid: string | null): Task | null {
    return uuid === null ? null : (this.#family.task(uuid) ?? null);
  }
}

const nothing: Readonly<Record<string, unknown>> = Object.freeze({});
const unheard: Moment = { clock: 0, timestamp: 0, origin: "" };

/** What Celery's `Task.info` shows. */
const usualInfo: readonly (keyof TaskFields)[] = [
  "args",
  "kwargs",
  "retries",
  "result",
  "eta",
  "runtime",
  "expires",
  "exception",
  "exchange",
  "routingKey",
  "rootId",
  "parentId",
];

function fieldsOf(task: TaskModel): TaskFields {
  const { worker: _, filed: __, ...fields } = task;
  return fields;
}
