/**
 * Lends an application other connections for a time: this is how a test kit takes an application as it stands. Whoever
 * lends nothing has none of this in its bundle.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { Connected, ConnectionHolder, Connections } from "./connections.ts";
import { openContext } from "./context.ts";
import { openOversight } from "./oversight.ts";

/** An application that can be lent connections. */
export interface Borrower {
  readonly name: string;
  readonly connections: ConnectionHolder;
}

/** Connections that an application has been lent; disposing of them gives it its own back. */
export interface Loan extends Disposable {
  /**
   * Runs something that keeps these connections until it ends, though they have been given back meanwhile: what a test left
   * running cannot reach the application's own. Only where the runtime has AsyncLocalStorage.
   */
  run<Result>(body: () => Result): Result;
}

/**
 * Lends an application other connections until what it returns is disposed of: then it has its own again. Throws
 * `ImproperlyConfigured` while it has been lent some already.
 */
export function lendConnections({ name, connections }: Borrower, given: Connections): Loan {
  if (loans.has(connections)) {
    throw new ImproperlyConfigured(
      `The application "${name}" is in a test kit already: a test before this one runs on, as one that timed out does, or has ` +
        "not disposed of its kit: take it by `await using kit = testKit(app)`, or call kit[Symbol.asyncDispose]()",
    );
  }
  const lent = lentBeside(connections.own, given);
  loans.set(connections, lent);
  connections.lent = () => borrowed?.getStore()?.get(connections) ?? loans.get(connections);
  return {
    run: (body) => {
      if (borrowed === undefined) return body();
      return borrowed.run(new Map(borrowed.getStore()).set(connections, lent), body);
    },
    [Symbol.dispose]: () => {
      if (loans.get(connections) === lent) loans.delete(connections);
    },
  };
}

/** What each application is lent now. */
const loans = new WeakMap<ConnectionHolder, Connected>();

/** What each application was lent, for what runs on it. One for all: a runtime asks each context at every turn. */
const borrowed = openContext<ReadonlyMap<ConnectionHolder, Connected>>();

/** What is not lent stays the application's own. */
function lentBeside(own: Connected, { log = own.log, platform, ...ports }: Connections): Connected {
  const given = { ...own.given, ...ports };
  return { ...own, ...ports, given, log, platform: { ...own.platform, ...platform }, oversight: openOversight() };
}
