/**
 * Looks at an app's settings before it listens: a process that cannot do its work ends at once, and says what is missing.
 *
 * @module
 */

/** Asks the app's own health check, `GET /`. When that does not answer 2xx, says why and ends the process with 1. */
export async function assertReady(fetch: (request: Request) => Response | Promise<Response>): Promise<void> {
  const answer = await fetch(new Request("http://127.0.0.1/"));
  if (answer.ok) return;
  console.error(`Not started: ${detailIn(await answer.text())}`);
  process.exit(1);
}

/** What a problem's details say (RFC 9457); else the whole text. */
function detailIn(text: string): string {
  try {
    const { detail = text }: { readonly detail?: string } = JSON.parse(text);
    return detail;
  } catch {
    return text;
  }
}
