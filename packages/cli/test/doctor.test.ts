import { openGateway } from "@umbel/test/gateway";
import { listen } from "@umbel/test/listen";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type TasksWorker, startTasksWorker, tasksModule } from "./tasks-worker.ts";
import { umbel } from "./umbel.ts";

let tasks: TasksWorker;

beforeAll(async () => {
  tasks = await startTasksWorker();
});

afterAll(async () => {
  await tasks[Symbol.asyncDispose]();
});

async function doctor(environment: Readonly<Record<string, string>> = {}) {
  return await umbel(["-A", tasksModule, "doctor"], { environment: { ...tasks.environment, ...environment } });
}

const keysOfNobody = { QSTASH_CURRENT_SIGNING_KEY: "sig_nobody", QSTASH_NEXT_SIGNING_KEY: "sig_no_one" };

describe("umbel doctor", () => {
  it("says of each part that it is well, with what it has measured", async () => {
    const { code, stdout, stderr } = await doctor();

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^ok  settings +all that a worker needs is set$/m);
    expect(stdout).toMatch(/^ok  store +answers: 0 active tasks, 0 revoked, \d+ events? kept$/m);
    expect(stdout).toMatch(/^ok  clock +this clock is [01]\.\d\d s (?:behind|ahead of) the store's$/m);
    expect(stdout).toMatch(/^ok  broker +answers, and has no dead letters$/m);
    expect(stdout).toMatch(/^ok  route default +http:\S+ is worker@tasks, with \d+ tasks$/m);
    expect(stdout).toMatch(/^ok  limits +messages to 1000000 bytes, /m);
  });

  it("names what cannot be reached, in which variable it stands, and ends with 1", async () => {
    const { code, stdout, stderr } = await doctor({
      QSTASH_URL: "http://127.0.0.1:9",
      UPSTASH_REDIS_REST_URL: "http://127.0.0.1:9",
      UMBEL_WORKER_URL: "http://127.0.0.1:9",
    });

    expect(code).toBe(1);
    expect(stdout).toMatch(/^x   store +[^\n]*127\.0\.0\.1:9[^\n]*\n +mend: start it, or mend UPSTASH_REDIS_REST_URL/m);
    expect(stdout).toMatch(/^x   broker +[^\n]*127\.0\.0\.1:9[^\n]*\n +mend: start it, or mend QSTASH_URL/m);
    expect(stdout).toMatch(/^x   route slow +http:\/\/127\.0\.0\.1:9 cannot be reached: [^\n]*\n +mend: /m);
    expect(stderr).toMatch(/^umbel: 4 things do not work\n$/);
  });

  it("names the flag that has said an address, in place of its variable", async () => {
    const nowhere = "http://127.0.0.1:9";
    const words = ["-A", tasksModule, "doctor", "-b", nowhere, "--result-backend", nowhere];

    const { stdout } = await umbel(words, { environment: tasks.environment });

    expect(stdout).toMatch(
      /^x   store +[^\n]*\n +mend: start it, or mend --result-backend and UPSTASH_REDIS_REST_TOKEN$/m,
    );
    expect(stdout).toMatch(/^x   broker +[^\n]*; -b names another\n +mend: start it, or mend -b and QSTASH_TOKEN$/m);
  });

  it("says so when the gateway answers, and the Redis behind it does not", async () => {
    const gateway = await openGateway({ REDIS_URL: "redis://name:secret@127.0.0.1:9" });
    onTestFinished(() => gateway.close());
    const { UPSTASH_REDIS_REST_URL = "" } = gateway.variables;

    const { stdout } = await doctor({ UPSTASH_REDIS_REST_URL });

    expect(stdout).toMatch(
      /^x   store +[^\n]*Redis cannot be reached at 127\.0\.0\.1:9, [^\n]*\n +mend: start that Redis, or mend the gateway's REDIS_URL$/m,
    );
    expect(stdout).not.toContain("secret");
  });

  it("says first that a token is wrong, and where the right one is", async () => {
    const [broker, store] = await Promise.all([
      doctor({ QSTASH_TOKEN: "wrong" }),
      doctor({ UPSTASH_REDIS_REST_TOKEN: "wrong" }),
    ]);

    expect(broker.stdout).toMatch(
      /^x   broker +the token is wrong: 401 The token is not [^{}\n]+\n +mend: set QSTASH_TOKEN to the one that belongs to QSTASH_URL: /m,
    );
    expect(store.stdout).toMatch(
      /^x   store +the token is wrong: WRONGPASS [^{}\n]+\n +mend: set UPSTASH_REDIS_REST_TOKEN to the one that belongs to UPSTASH_REDIS_REST_URL: /m,
    );
    expect([broker, store]).toMatchObject([
      { code: 1, stderr: "umbel: one thing does not work\n" },
      { code: 1, stderr: "umbel: one thing does not work\n" },
    ]);
  });

  it("warns of public signing keys, given or not, and finds those that are not the broker's", async () => {
    const development = { QSTASH_CURRENT_SIGNING_KEY: "", QSTASH_NEXT_SIGNING_KEY: "" };

    const [given, none, other] = await Promise.all([doctor(), doctor(development), doctor(keysOfNobody)]);

    const warned = /^!   keys +no signing keys of your own: development's public ones are used/m;
    expect([given.stdout, none.stdout]).toEqual([expect.stringMatching(warned), expect.stringMatching(warned)]);
    expect(other.stdout).toMatch(
      /^x   keys +the broker signs with other keys: [^\n]+\n +mend: set QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY to the broker's/m,
    );
    expect(other).toMatchObject({ code: 1, stderr: "umbel: one thing does not work\n" });
  });

  it("finds a worker that runs with keys which are not the broker's, though its own are", async () => {
    await using other = await startTasksWorker({ environment: keysOfNobody });

    const { code, stdout } = await umbel(["-A", tasksModule, "doctor"], { environment: other.environment });

    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^x   route default +http:\S+ refuses pushes: the push is not signed for http:\S+: signature verification failed\. [^\n]+\n +mend: where the worker runs, set the broker's QSTASH_CURRENT_SIGNING_KEY/m,
    );
    expect(other.worker.output()).not.toMatch(/refused/);
  });

  it.each([
    { hours: -1, stands: "ahead of" },
    { hours: 1, stands: "behind" },
  ])("finds a worker whose clock is $hours h off", async ({ hours, stands }) => {
    const server = await listen((_request, response) => {
      const date = new Date(Date.now() + hours * 3_600_000).toUTCString();
      response.writeHead(200, { date }).end(JSON.stringify({ app: "tasks", worker: "worker@tasks", tasks: [] }));
    });
    onTestFinished(() => server.stop());

    const { code, stdout } = await doctor({ UMBEL_WORKER_URL: server.url });

    expect(code).toBe(1);
    expect(stdout).toMatch(
      new RegExp(
        `^x   clock +this clock is (?:3600|359\\d)\\.\\d\\d s ${stands} that of ${server.url}\n +mend: let both`,
        "m",
      ),
    );
  });

  it.each([
    ["UMBEL_WORKER_URL", "nonsense", "UMBEL_WORKER_URL is no http or https URL"],
    ["UMBEL_QUEUES", "{bad", "UMBEL_QUEUES is no JSON"],
  ])("tells of %s that makes no sense in one line, and looks at nothing else", async (name, value, said) => {
    const { code, stdout, stderr } = await doctor({ [name]: value });

    expect({ code, stderr }).toEqual({ code: 1, stderr: "umbel: one thing does not work\n" });
    expect(stdout).toMatch(new RegExp(`^x   settings  ${said}\n +mend: [^\n]+\n$`));
  });

  it("finds a queue whose worker lacks its tasks, and two workers of one name", async () => {
    await using other = await startTasksWorker();
    const { UMBEL_WORKER_URL: url = "" } = tasks.environment;
    const { UMBEL_WORKER_URL: second = "" } = other.environment;

    const { code, stdout } = await doctor({ UMBEL_QUEUES: JSON.stringify({ default: url, slow: second }) });

    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^!   names +\S+ and \S+ are both called worker@tasks\n +mend: give one of them another name/m,
    );
  });

  it("warns of a queue that its worker was told to leave out", async () => {
    await using own = await startTasksWorker({ flags: ["-Q", "slow"] });

    const { code, stdout } = await umbel(["-A", tasksModule, "doctor"], { environment: own.environment });

    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^!   route default +worker@tasks at http:\S+ serves only slow: what is sent to default waits\n +mend: name the worker of default in UMBEL_QUEUES, or have this one serve it too, by -Q or worker\(app, \{ queues \}\)$/m,
    );
    expect(stdout).toMatch(/^ok  route slow +http:\S+ is worker@tasks, with \d+ tasks$/m);
  });

  it.each([
    [404, "<h1>no such page</h1>"],
    [401, '{"error":"who are you?"}'],
    [200, "[]"],
  ])("says that what answers at a wrong address is no worker: %i %s", async (status, body) => {
    const server = await listen((_request, response) => void response.writeHead(status).end(body));
    onTestFinished(() => server.stop());

    const { code, stdout } = await doctor({ UMBEL_WORKER_URL: `${server.url}/umbel` });

    expect(code).toBe(1);
    expect(stdout).toContain(`x   route default  what answers at ${server.url}/umbel is no Umbel worker (${status})\n`);
    expect(stdout).toMatch(/mend: mend UMBEL_WORKER_URL or UMBEL_QUEUES, its port and its path: /);
  });

  it("finds public signing keys wrong in production, and sends nobody there who has none", async () => {
    const nowhere = { NODE_ENV: "production", QSTASH_CURRENT_SIGNING_KEY: "", QSTASH_NEXT_SIGNING_KEY: "" };

    const [none, known] = await Promise.all([doctor(nowhere), doctor({ NODE_ENV: "production" })]);

    expect(none.stdout).toMatch(/^x {3}settings {2}Not set: QSTASH_CURRENT_SIGNING_KEY.*\n +mend: set them: QStash's /);
    expect(none.stdout).not.toContain("umbel dev");
    expect(known.code).toBe(1);
    expect(known.stdout).toMatch(/^x {3}keys +the signing keys are development's, which everybody knows, and this is/m);
  });

  it("tells what is not set before anything else is looked at", async () => {
    const { code, stdout } = await doctor({ NODE_ENV: "production", QSTASH_TOKEN: "" });

    expect(code).toBe(1);
    expect(stdout).toMatch(/^x +settings +Not set: .*QSTASH_TOKEN/);
    expect(stdout).not.toMatch(/store/);
  });
});
