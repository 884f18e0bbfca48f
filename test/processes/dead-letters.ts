/**
 * The dead letters of a gateway, by QStash's API.
 *
 * @module
 */

import { developmentToken } from "@umbel/gateway";

/** One that was given up. */
export interface DeadLetter {
  readonly dlqId: string;
  readonly messageId: string;
  readonly url: string;
  readonly body: string;
}

/** What a test does with them. */
export interface DeadLetters {
  list(): Promise<readonly DeadLetter[]>;
  /** Delivers one again, as it is. Throws when there is none. */
  retry(id: string | undefined): Promise<void>;
}

/** Those of the gateway at this address. */
export function deadLettersOf(qstashUrl: string): DeadLetters {
  const call = async (method: string, path: string): Promise<Response> => {
    const response = await fetch(`${qstashUrl}/v2/dlq${path}`, {
      method,
      headers: { authorization: `Bearer ${developmentToken}` },
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    async list() {
      const { messages }: { readonly messages: readonly DeadLetter[] } = JSON.parse(
        await (await call("GET", "")).text(),
      );
      return messages;
    },
    retry: async (id) => void (await call("POST", `/retry/${id}`)),
  };
}
