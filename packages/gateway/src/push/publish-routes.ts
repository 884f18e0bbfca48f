/**
 * Publish, enqueue, batch.
 *
 * @module
 */

import { type Context, Hono } from "hono";

import type { ApiOptions } from "./api-options.ts";
import type { Submission } from "./message.ts";
import type { Receipt } from "./message-store.ts";
import { readPublication } from "./publication.ts";
import { readJson } from "./request-body.ts";
import { RequestError } from "./request-error.ts";
import { readItem, readSubmission } from "./submission.ts";

/** The routes by which messages come in. */
export function publishRoutes(options: ApiOptions): Hono {
  const app = new Hono();

  app.post("/v2/publish/*", (context) => publish(context, options, { prefix: "/v2/publish/" }));

  app.post("/v2/enqueue/:queue/*", (context) => {
    const [, segment = ""] = /\/v2\/enqueue\/([^/?]*)/.exec(context.req.url) ?? [];
    return publish(context, options, { prefix: `/v2/enqueue/${segment}/`, queue: context.req.param("queue") });
  });

  app.post("/v2/batch", async (context) => {
    const items = await readJson(context.req.raw, options.maxBody);
    if (!Array.isArray(items))
      throw new RequestError(400, "A batch is an array of { destination, headers?, body?, queue? }");
    const callerIp = options.callerIp(context);
    const submissions = items.map((item) => readOrRefuse(() => readItem(item, callerIp, options.policy)));
    return context.json(await accept(submissions, options));
  });

  return app;
}

interface Route {
  readonly prefix: string;
  readonly queue?: string;
}

async function publish(context: Context, options: ApiOptions, { prefix, queue }: Route): Promise<Response> {
  const publication = await readPublication(context, prefix, options);
  const submission = readSubmission({ ...publication, queue, callerIp: options.callerIp(context) }, options.policy);

  const [answer] = await accept([submission], options);
  return context.json(answer, answer !== undefined && "deduplicated" in answer ? 202 : 200);
}

function readOrRefuse(read: () => Submission): Submission | RequestError {
  try {
    return read();
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
}

/** Keeps all that can be kept, in one transaction. */
async function accept(
  submissions: readonly (Submission | RequestError)[],
  { database, messages, now, wake }: ApiOptions,
): Promise<readonly (ReturnType<typeof receiptView> | { error: string })[]> {
  const accepted = database.write(() =>
    submissions.map((each) =>
      each instanceof RequestError ? { error: each.message } : receiptView(messages.accept(each, now())),
    ),
  );
  wake();
  return await accepted;
}

function receiptView({ messageId, deduplicated }: Receipt): { messageId: string; deduplicated?: true } {
  return deduplicated ? { messageId, deduplicated } : { messageId };
}
