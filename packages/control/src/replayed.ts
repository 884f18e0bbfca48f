/**
 * What is to be replayed, and what was.
 *
 * @module
 */

/** Which dead letters are meant: those that fit all that is said. Nothing said: all. */
export interface ReplayFilter {
  /** Name of the task, or a pattern: `billing.*`. */
  readonly task?: string;
  readonly queue?: string;
  /** Ids of tasks. */
  readonly ids?: readonly string[];
  /** Given up at this instant or later: a Date, or milliseconds since 1970. */
  readonly since?: Date | number;
  /** Given up before this instant. */
  readonly until?: Date | number;
}

/** How they are sent. */
export interface ReplayOptions {
  /** Other arguments. */
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** True: as a new task, under a new id. Its message has a header `replay_of`, which names the old one. */
  readonly asNew?: boolean;
  /** True: nothing is sent, and the answer is what would be. */
  readonly dryRun?: boolean;
}

/** A task that was sent again. */
export interface ReplayedTask {
  readonly id: string;
  /** The task whose message it was; the same id unless it is a new task. */
  readonly origin: string;
  readonly task: string;
  readonly queue: string;
  /** Where steps of a chain follow it: the id under which the last one's result will be. They have new ids. */
  readonly result?: string;
  /** What the broker has given up, when and why: where nothing is sent (`dryRun`), and a person looks before. */
  readonly letter?: DeadTask;
}

/** A task that was not, and why. */
export interface UnreplayedTask {
  readonly id: string;
  readonly reason: string;
}

/** What was sent again. */
export interface Replayed {
  /** How many were, or would be. */
  readonly count: number;
  readonly dryRun: boolean;
  readonly replayed: readonly ReplayedTask[];
  readonly refused: readonly UnreplayedTask[];
  /** Letters that could not be read: they stay where they are. */
  readonly unread: number;
}

/** A message that the broker has given up. */
export interface DeadTask {
  readonly id: string;
  readonly task: string;
  readonly queue: string;
  readonly args: string;
  readonly kwargs: string;
  readonly retries: number;
  /** Its name among the dead letters. */
  readonly letterId: string;
  /** Milliseconds since 1970. */
  readonly diedAt: number;
  /** Status of the worker's last answer, 0 when there was none, and what it said. */
  readonly status: number;
  readonly reason: string;
}
