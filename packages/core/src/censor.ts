/**
 * Hides secrets where settings are shown.
 *
 * @module
 */

import { isRecord } from "./environment.ts";

/** Names that look like a secret's: Celery's list. */
const secret = /API|TOKEN|KEY|SECRET|PASS|PROFANITIES_LIST|SIGNATURE|DATABASE/i;

const hidden = "********";

/** A value to show: hidden where its name looks like a secret's, at any depth; addresses without their passwords. */
export function withoutSecrets(name: string, value: unknown): unknown {
  if (typeof value === "string") return secret.test(name) ? hidden : withoutPassword(value);
  if (Array.isArray(value)) return value.map((each: unknown) => withoutSecrets(name, each));
  if (!isRecord(value) || value instanceof RegExp || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutSecrets(key, each)]));
}

function withoutPassword(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.password === "") return text;
  url.password = hidden;
  return url.href;
}
