/**
 * The page at `/`: starts a crawl and follows it by server-sent events. No framework, nothing to build.
 *
 * @module
 */

/** The page, with an address filled in. */
export function pageOf(site: string): string {
  return page.replace("SITE", escapeAttribute(site));
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

const style = `
  :root { color-scheme: light dark; --line: #8884; --good: #2a7d4f; --bad: #c2402a; --wait: #a86a00 }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem }
  h1 { margin: 0 } p { margin: .25rem 0 1.5rem }
  form { display: flex; gap: .5rem } input { flex: 1; font: inherit; padding: .4rem .6rem }
  button { font: inherit; padding: .4rem 1rem; cursor: pointer }
  table { border-collapse: collapse; width: 100%; margin: 1.5rem 0; font-variant-numeric: tabular-nums }
  th, td { padding: .35rem .5rem; text-align: right; border-bottom: 1px solid var(--line) }
  th:first-child, td:first-child { text-align: left } td:first-child { font-family: ui-monospace, monospace }
  th { font-weight: 600; font-size: .8rem } td.none { opacity: .3 }
  .SUCCESS { color: var(--good) } .FAILURE { color: var(--bad) } .RETRY { color: var(--wait) }
  li { overflow-wrap: anywhere } #state { font-weight: 600 }
`;

const script = `
  const states = ["PENDING", "STARTED", "RETRY", "SUCCESS", "FAILURE"];
  const find = (id) => document.getElementById(id);
  const make = (tag, text, name = "") => Object.assign(document.createElement(tag), { textContent: text, className: name });

  find("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = JSON.stringify({ url: find("url").value });
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/crawl", { method: "POST", headers, body });
    const told = await answer.json();
    if (!answer.ok) return void (find("state").textContent = told.detail);
    history.replaceState(null, "", "?crawl=" + told.id);
    follow(told.id);
  });

  let source;
  function follow(id) {
    source?.close();
    source = new EventSource("/crawl/" + id + "/stream");
    source.addEventListener("progress", (event) => show(JSON.parse(event.data)));
    source.onerror = () => (find("state").textContent = "Waiting for the web app ...");
  }

  function show(progress) {
    if (progress.state !== "RUNNING") source.close();
    find("state").textContent = { RUNNING: "Running", SUCCESS: "Done", FAILURE: "Failed: " + progress.error }[progress.state];
    find("state").className = progress.state;
    find("rows").replaceChildren(...Object.entries(progress.tasks).map(row));
    find("table").hidden = false;
    find("troubles").replaceChildren(...progress.troubles.map(({ state, error }) => {
      const item = make("li", "");
      item.append(make("span", state, state), " " + error);
      return item;
    }));
    find("summary").textContent = progress.summary ? sentence(progress.summary) : "";
  }

  function row([task, counts]) {
    const line = make("tr", "");
    line.append(make("td", task), ...states.map((state) => {
      const count = state === "FAILURE" ? (counts.FAILURE ?? 0) + (counts.REVOKED ?? 0) : (counts[state] ?? 0);
      return make("td", count || "·", count ? state : "none");
    }));
    return line;
  }

  function sentence({ pages, levels, links, retries, failures, rejected, skipped }) {
    return pages + " pages in " + levels + " levels, " + links + " links, " + retries + " retries, " +
      failures.length + " failed, " + rejected.length + " rejected" + (skipped ? ", " + skipped + " left out" : "") + ".";
  }

  const id = new URLSearchParams(location.search).get("crawl");
  if (id) follow(id);
`;

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Umbel: a crawl</title>
<style>${style}</style>
<h1>A crawl</h1>
<p>Each page is a chain <code>visit → extract → store</code>, each level a chord. Start one and watch its tasks.</p>
<form id="form">
  <input id="url" type="url" required placeholder="https://example.com/" value="SITE" aria-label="Address of the site">
  <button>Crawl</button>
</form>
<p id="state" role="status"></p>
<table id="table" hidden>
  <thead><tr><th>Task<th>Pending<th>Started<th>Retry<th>Success<th>Failure</tr></thead>
  <tbody id="rows"></tbody>
</table>
<p id="summary"></p>
<ul id="troubles"></ul>
<script>${script}</script>
</html>
`;
