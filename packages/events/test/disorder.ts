/**
 * Lists of events of a small cluster in an order that chance makes: what networks do, and a little more.
 *
 * @module
 */

/** Chance: the same from the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to, not including, 1. */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below another. */
  below(end: number): number {
    return Math.floor(this.roll() * end);
  }
}

/** When things begin, in Unix seconds. */
const start = 1_795_000_000;

/** How an attempt may go on once it has been received; each but the last in a life is tried again. */
const attempts: readonly (readonly string[])[] = [
  ["started", "succeeded"],
  ["started", "failed"],
  ["started", "progress", "succeeded"],
  ["started", "rejected"],
  ["revoked"],
  ["started", "cancelled"],
];

/** Lives of tasks and workers, each event more or less out of its place; some are lost, and some come twice. */
export function disordered(dice: Dice): readonly object[] {
  const lives = Array.from({ length: 1 + dice.below(6) }, (_, at) => lifeOf(at, dice));
  const planned = [...lives.flat(), ...beats(dice)].map((fields, at) => stamped(fields, at, dice));
  const spread = [0, 4, 40][dice.below(3)] ?? 0;
  const placed = planned.map((event, at) => ({ event, place: at + dice.roll() * spread }));
  const arrived = placed
    .filter(() => dice.roll() > 0.1)
    .flatMap((each) => (dice.roll() > 0.95 ? [each, each] : [each]));
  const events = arrived.toSorted((one, other) => one.place - other.place).map(({ event }) => event);
  // A cluster has run for a while: to Celery a clock of 0 is none, and then it compares clocks on walls.
  return [stamped(beatOf("w0@host", dice), 0, new Dice(1)), ...events];
}

/** A task from its sending to its end, with up to two attempts more. */
function lifeOf(at: number, dice: Dice): readonly object[] {
  const uuid = `t${at}`;
  const family = { root_id: "t0", parent_id: at > 0 && dice.roll() < 0.5 ? `t${dice.below(at)}` : null };
  const call = { uuid, name: `tasks.${at % 3}`, args: `(${at},)`, kwargs: "{}", eta: null, expires: null, ...family };
  const hostname = `w${dice.below(3)}@host`;
  const sent = { type: "task-sent", hostname: "gen9@host", ...call, retries: 0, exchange: "", routing_key: "celery" };
  const retried = Array.from({ length: dice.below(3) }, (_, retries) => [
    { type: "task-received", hostname, ...call, retries },
    { type: "task-started", hostname, uuid },
    { type: "task-retried", hostname, uuid, exception: `Retry(${retries})`, traceback: `try ${retries}` },
  ]);
  const last = {
    type: "task-received",
    hostname,
    ...call,
    parent_id: family.parent_id ?? uuid,
    retries: retried.length,
  };
  const end = (attempts[dice.below(attempts.length)] ?? []).map((subject) => ofAttempt(subject, { hostname, uuid }));
  return [sent, ...retried.flat(), last, ...end];
}

function ofAttempt(subject: string, whose: object): object {
  const told: Readonly<Record<string, object>> = {
    succeeded: { result: "'done'", runtime: 0.25 },
    failed: { exception: "ValueError('boom')", traceback: "Traceback" },
    progress: { pct: 50 },
    rejected: { requeue: false },
    revoked: { terminated: false, signum: null, expired: true },
  };
  return { type: `task-${subject}`, ...whose, ...told[subject] };
}

function beats(dice: Dice): readonly object[] {
  return Array.from({ length: dice.below(6) }, () => beatOf(`w${dice.below(3)}@host`, dice));
}

function beatOf(hostname: string, dice: Dice): object {
  const type = `worker-${["online", "heartbeat", "heartbeat", "offline"][dice.below(4)]}`;
  const about = { freq: 2 + dice.below(3), active: dice.below(9), processed: dice.below(99), loadavg: [0.1, 0.2, 0.3] };
  return { type, hostname, pid: 7, ...about, sw_ident: "py-celery", sw_ver: "5.2.6", sw_sys: "Linux" };
}

/** When it was sent, and by which clock; a few senders have none. */
function stamped(fields: object, at: number, dice: Dice): object {
  const clock = dice.roll() < 0.05 ? {} : { clock: 1000 + 20 * at };
  return { ...fields, timestamp: start + at + dice.below(1000) / 1000, ...clock };
}
