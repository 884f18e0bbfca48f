/**
 * Tells the log why pushes were refused, but no more than it can take: anybody can send a push that is none.
 *
 * @module
 */

import { type Application, printable, workerLogger } from "@umbel/core";

/** Where refusals are told. */
export interface RefusalLog {
  tell(reason: string): void;
}

/** Lines in a minute, and characters in a line. */
const most = { lines: 10, characters: 1000 };

/** Makes one. What it leaves out in a minute is told as a number, with the first refusal after that minute. */
export function createRefusalLog(app: Application): RefusalLog {
  const log = app.logger({ logger: workerLogger });
  let minute = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let untold = 0;

  return {
    tell(reason) {
      const now = Math.floor(app.platform.now() / 60_000);
      if (now !== minute) {
        if (untold > 0) log.warning(`${untold} more pushes were refused than were told of`);
        [minute, lines, untold] = [now, 0, 0];
      }
      lines += 1;
      if (lines > most.lines) untold += 1;
      else log.warning(`A push was refused: ${printable(reason.slice(0, most.characters))}`);
    },
  };
}
