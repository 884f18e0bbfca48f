/** Tasks that say what is secret: where they fail, and in what they return. */

import { type Task, Umbel, ValueError } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

const secrets = "postgres://admin:s3cret@db.example/shop, Bearer abcdefghijklmnop";

/** The application. */
export const app: Umbel = new Umbel("leaks", { broker: qstash(), backend: upstash(), resultTimeout: 20 });

/** Fails with an address of a database. */
export const fails: Task<[], never> = app.task("leaks.fails", (): never => {
  throw new ValueError(secrets);
});

/** Returns it. */
export const returns: Task<[], string> = app.task("leaks.returns", () => secrets);
