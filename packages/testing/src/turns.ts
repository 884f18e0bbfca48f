/**
 * Lets the calls of several workers go one at a time, and draws whose turn is next.
 *
 * A call goes once everything has come to rest, so that all that could go now stand in line when one is drawn: which
 * interleaving of the workers a test sees follows from the dice alone.
 *
 * @module
 */

/** A queue in which the dice decide. */
export interface Turns {
  /** Resolves when it is the caller's turn. */
  take(): Promise<void>;
  /** Resolves when nobody waits for a turn, and nobody is about to. */
  quiet(): Promise<void>;
}

/** What {@link takingTurns} asks. */
export interface TurnsOptions {
  /** Resolves when everything has come to rest. */
  readonly rest: () => Promise<void>;
  /** Picks one of so many, from 0. */
  readonly pick: (count: number) => number;
}

/** Makes one where nobody waits. */
export function takingTurns({ rest, pick }: TurnsOptions): Turns {
  const waiting: (() => void)[] = [];
  let driving: Promise<void> | undefined;

  return {
    async take() {
      await new Promise<void>((go) => {
        waiting.push(go);
        driving ??= drive();
      });
    },
    async quiet() {
      for (;;) {
        await rest();
        if (driving === undefined) return;
        await driving;
      }
    },
  };

  async function drive(): Promise<void> {
    while (waiting.length > 0) {
      await rest();
      const [next] = waiting.splice(pick(waiting.length), 1);
      next?.();
    }
    driving = undefined;
  }
}
