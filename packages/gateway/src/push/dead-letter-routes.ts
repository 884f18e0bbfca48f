/**
 * Dead letters: read, delete, retry.
 *
 * @module
 */

import { type Context, Hono } from "hono";

import type { ApiOptions } from "./api-options.ts";
import type { DeadLetterPage } from "./dead-letter-store.ts";
import { amendDraft } from "./draft.ts";
import { deadLetterFilter, pageOf } from "./filter.ts";
import type { DeadLetter, Submission } from "./message.ts";
import { deadLetterView } from "./message-view.ts";
import { publisherHeaders } from "./publisher-headers.ts";
import { RequestError } from "./request-error.ts";

/** Most entries that one request reads, or deletes or retries. */
const longestPage = 100;

/** The routes of dead letters. */
export function deadLetterRoutes(options: ApiOptions): Hono {
  const { database, deadLetters } = options;
  const app = new Hono();

  app.get("/v2/dlq", (context) => {
    const { letters, cursor } = select(context, options);
    return context.json({ messages: letters.map(deadLetterView), cursor });
  });

  app.get("/v2/dlq/:id", (context) => context.json(deadLetterView(find(context, options))));

  app.delete("/v2/dlq/:id", async (context) => {
    const id = context.req.param("id");
    if (!(await database.write(() => deadLetters.remove(id)))) throw noDeadLetter(id);
    return context.json({});
  });

  app.delete("/v2/dlq", async (context) => {
    const { letters, cursor } = await database.write(() => {
      const page = select(context, options);
      for (const { id } of page.letters) deadLetters.remove(id);
      return page;
    });
    return context.json({ deleted: letters.length, cursor });
  });

  app.post("/v2/dlq/retry/:id", async (context) => {
    const [response] = (await retry(() => ({ letters: [find(context, options)], cursor: undefined }), context, options))
      .responses;
    return context.json(response, 201);
  });

  app.post("/v2/dlq/retry", async (context) =>
    context.json(await retry(() => select(context, options), context, options)),
  );

  return app;
}

function find(context: Context, { deadLetters }: ApiOptions): DeadLetter {
  const id = context.req.param("id") ?? "";
  const letter = deadLetters.find(id);
  if (letter === undefined) throw noDeadLetter(id);
  return letter;
}

function select(context: Context, { deadLetters }: ApiOptions): DeadLetterPage {
  const { searchParams } = new URL(context.req.url);
  return deadLetters.list(deadLetterFilter(searchParams), pageOf(searchParams, { most: longestPage }));
}

interface Retried {
  readonly responses: readonly { readonly messageId: string }[];
  /** Empty when there are no more: the one place where QStash says so and does not leave it out. */
  readonly cursor: string;
}

/** Each becomes a new message; what the request's headers ask for takes the place of what the old one asked for. */
async function retry(page: () => DeadLetterPage, context: Context, options: ApiOptions): Promise<Retried> {
  const { database, deadLetters, messages, now, wake } = options;
  const headers = publisherHeaders(context.req.raw, options);
  const retried = database.write(() => {
    const { letters, cursor = "" } = page();
    const responses = letters.map((letter) => {
      const { messageId } = messages.accept(resubmission(letter, headers, options), now());
      deadLetters.remove(letter.id);
      return { messageId };
    });
    return { responses, cursor };
  });
  wake();
  return await retried;
}

function resubmission({ message }: DeadLetter, headers: Headers, { policy }: ApiOptions): Submission {
  const { notBefore: _past, ...draft } = message.draft;
  const { body, callerIp } = message;
  return {
    draft: amendDraft({ ...draft, delay: 0 }, headers, policy),
    body,
    ...(callerIp !== undefined && { callerIp }),
  };
}

function noDeadLetter(id: string): RequestError {
  return new RequestError(404, `There is no dead letter "${id}": it was retried or deleted, or never was`);
}
