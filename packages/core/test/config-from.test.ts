import { ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { Umbel } from "../src/app.ts";
import { celerySettings } from "../src/celery-settings.ts";
import { configFrom } from "../src/config-from.ts";
import { celeryNameOf } from "../src/setting-names.ts";

/** An application, and what its log was told. */
function application(env: Readonly<Record<string, string>> = {}) {
  const told: string[] = [];
  const app = new Umbel("shop", { env, log: ({ message }) => void told.push(message) });
  return { app, told };
}

describe("settings from a record", () => {
  it("may have our names, or Celery's of today and of old", () => {
    const { app } = application();

    const notes = configFrom(app, {
      taskDefaultQueue: "main",
      task_track_started: true,
      CELERY_TASK_RESULT_EXPIRES: 3600,
      CELERYD_TASK_TIME_LIMIT: 60,
    });

    expect(notes).toEqual([]);
    expect(app.conf).toMatchObject({
      taskDefaultQueue: "main",
      taskTrackStarted: true,
      resultExpires: 3600,
      taskTimeLimit: 60,
    });
  });

  it("are those that begin with the namespace, in any letters", () => {
    const { app } = application();
    const source = {
      CELERY_TASK_DEFAULT_QUEUE: "main",
      celery_timezone: "Europe/Oslo",
      DEBUG: true,
      result_extended: true,
    };

    configFrom(app, source, { namespace: "CELERY" });

    expect(app.conf).toMatchObject({ taskDefaultQueue: "main", timezone: "Europe/Oslo", resultExtended: false });
  });

  it("may be a module, its default export, or both; its functions are no settings", () => {
    const { app } = application();
    const module = { task_default_queue: "main", default: { timezone: "Europe/Oslo" }, helper: () => 1, _private: 1 };

    configFrom(app, module);

    expect(app.conf).toMatchObject({ taskDefaultQueue: "main", timezone: "Europe/Oslo" });
  });

  it("are taken as a Celery project has them, and what sets nothing is told with the reason", () => {
    const { app, told } = application();

    const notes = configFrom(app, {
      broker_url: "redis://user:secret@localhost/0",
      task_serializer: "json",
      accept_content: new Set(["json"]),
      enable_utc: true,
      worker_prefetch_multiplier: 1,
      worker_deduplicate_successful_tasks: true,
      task_routes: { "feed.*": { queue: "feeds", routing_key: "feed.import" } },
      task_queues: ["feeds", { name: "mail", priority: 3, rate_limit: "10/m" }],
      task_publish_retry_policy: { max_retries: 5, interval_start: 1 },
      task_annotations: { "shop.add": { time_limit: 10 } },
    });

    expect(app.conf).toMatchObject({
      acceptContent: ["json"],
      taskRoutes: { "feed.*": { queue: "feeds" } },
      taskQueues: { feeds: {}, mail: { priority: 3, rateLimit: "10/m" } },
      taskPublishRetryPolicy: { maxRetries: 5, intervalStart: 1 },
      taskAnnotations: { "shop.add": { timeLimit: 10 } },
    });
    expect(notes).toEqual([
      expect.stringMatching(/^broker_url is set elsewhere: the broker is an adapter, broker: qstash\(\)/),
      expect.stringMatching(/^worker_prefetch_multiplier has no meaning: pushes are not prefetched/),
      "taskRoutes: routing_key left out: there are no exchanges, a route names a queue",
    ]);
    expect(told).toEqual(notes);
    expect(told.join("\n")).not.toContain("secret");
  });

  it("are refused with the nearest name in the same capitals", () => {
    const { app } = application();

    const take = () => configFrom(app, { CELERY_TIMZONE: "UTC" }, { namespace: "CELERY" });

    expect(take).toThrow('no setting "CELERY_TIMZONE"; the nearest name is "CELERY_TIMEZONE"');
  });

  it("say nothing of what holds always, when they agree", () => {
    const { app } = application();

    expect(configFrom(app, { security_digest: "sha256" })).toEqual([]);
    expect(configFrom(app, { security_digest: "md5" })).toEqual([
      "security_digest holds always: signatures are HMAC with SHA-256",
    ]);
  });

  it.each([
    {
      source: { task_default_queu: "main" },
      says: 'no setting "task_default_queu"; the nearest name is "task_default_queue"',
    },
    { source: { worker_prefetch_multiplyer: 1 }, says: 'the nearest name is "worker_prefetch_multiplier"' },
    { source: { CELERY_TASK_ROUTE: [] }, says: "no setting" },
    { source: { colour: 1 }, says: 'no setting "colour"; docs/settings.md has all that there are' },
    { source: { task_serializer: "pickle" }, says: 'task_serializer is "pickle": give "json"' },
    { source: { accept_content: ["pickle"] }, says: 'accept_content is ["pickle"]: give ["json"]' },
    { source: { enable_utc: false }, says: "enable_utc is false: give true" },
    { source: { timezone: "Mars/Olympus" }, says: 'timezone is "Mars/Olympus": give the name of a time zone' },
    { source: { task_ignore_result: "perhaps" }, says: 'task_ignore_result is "perhaps": give true or false' },
    {
      source: { task_time_limit: 1, taskTimeLimit: 2 },
      says: "taskTimeLimit is given twice, as task_time_limit and as",
    },
    {
      source: { task_default_priority: 12 },
      says: "task_default_priority is 12: give a whole number from 0 to 9, or null",
    },
    { source: { task_queues: { slow: { url: "x" } } }, says: 'There is no option "url" of the queue "slow"' },
  ])("are refused as a whole: $says", ({ source, says }) => {
    const { app } = application();

    const take = () => configFrom(app, { ...source, result_extended: true });

    expect(take).toThrow(ImproperlyConfigured);
    expect(take).toThrow(says);
    expect(app.conf.resultExtended).toBe(false);
  });
});

describe("settings from variables", () => {
  it("are read by the application, as what each setting takes", () => {
    const { app } = application({
      UMBEL_TASK_DEFAULT_QUEUE: "main",
      UMBEL_TASK_IGNORE_RESULT: "yes",
      UMBEL_RESULT_EXTENDED: "Off",
      UMBEL_RESULT_EXPIRES: "none",
      UMBEL_TASK_TIME_LIMIT: "1h30m",
      UMBEL_WORKER_LEASE: "90",
      UMBEL_TASK_DEFAULT_PRIORITY: "3",
      UMBEL_ACCEPT_CONTENT: "json, application/json",
      UMBEL_TASK_ROUTES: '[{"feed.*": "feeds"}, ["mail.*", {"queue": "mail"}]]',
      UMBEL_WORKER_LOG_LEVEL: "warning",
      UMBEL_TASK_DEFAULT_RATE_LIMIT: "10",
      UMBEL_TASK_QUEUES: '{"slow": {"rate_limit": "1/s"}}',
    });

    configFrom(app, app.environment);

    expect(app.conf).toMatchObject({
      taskDefaultQueue: "main",
      taskIgnoreResult: true,
      resultExtended: false,
      resultExpires: null,
      taskTimeLimit: "1h30m",
      workerLease: "90",
      taskDefaultPriority: 3,
      acceptContent: ["json", "application/json"],
      taskRoutes: [{ "feed.*": "feeds" }, ["mail.*", { queue: "mail" }]],
      workerLogLevel: "WARNING",
      taskDefaultRateLimit: 10,
      taskQueues: { slow: { rateLimit: "1/s" } },
    });
  });

  it("begin with another namespace when one is given", () => {
    const { app } = application({ CELERY_TASK_DEFAULT_QUEUE: "main", UMBEL_TIMEZONE: "Europe/Oslo" });

    configFrom(app, app.environment, { namespace: "CELERY_" });

    expect(app.conf).toMatchObject({ taskDefaultQueue: "main", timezone: "UTC" });
  });

  it.each([
    {
      name: "UMBEL_TASK_IGNORE_RESULT",
      value: "perhaps",
      says: 'UMBEL_TASK_IGNORE_RESULT is "perhaps": give true or false (yes',
    },
    { name: "UMBEL_TASK_ROUTES", value: "[", says: 'UMBEL_TASK_ROUTES is "[", which is no JSON' },
    { name: "UMBEL_TASK_ROUTES", value: "feeds", says: 'UMBEL_TASK_ROUTES is "feeds": give a list of routes' },
    {
      name: "UMBEL_WORKER_MAX_BODY",
      value: "much",
      says: 'UMBEL_WORKER_MAX_BODY is "much": give a whole number above 0',
    },
    { name: "UMBEL_WORKER_LEASE", value: "soon", says: 'UMBEL_WORKER_LEASE is "soon": give seconds' },
  ])("are refused: $name=$value", ({ name, value, says }) => {
    const { app } = application({ [name]: value });

    expect(() => configFrom(app, app.environment)).toThrow(says);
  });
});

describe("Celery's names", () => {
  it.each([
    ["CELERY_ACCEPT_CONTENT", "accept_content"],
    ["CELERY_ALWAYS_EAGER", "task_always_eager"],
    ["CELERY_ROUTES", "task_routes"],
    ["CELERY_QUEUES", "task_queues"],
    ["CELERYD_CONCURRENCY", "worker_concurrency"],
    ["CELERYD_TASK_SOFT_TIME_LIMIT", "task_soft_time_limit"],
    ["CELERYD_PREFETCH_MULTIPLIER", "worker_prefetch_multiplier"],
    ["CELERY_DISABLE_RATE_LIMITS", "worker_disable_rate_limits"],
    ["CELERYBEAT_SCHEDULE", "beat_schedule"],
    ["CELERY_TASK_RESULT_EXPIRES", "result_expires"],
    ["CELERY_EAGER_PROPAGATES_EXCEPTIONS", "task_eager_propagates"],
    ["CELERY_SEND_EVENTS", "worker_send_task_events"],
    ["BROKER_URL", "broker_url"],
    ["workerPrefetchMultiplier", "worker_prefetch_multiplier"],
    ["celery_nothing", undefined],
  ])("%s is %s", (written, name) => {
    expect(celeryNameOf(written)).toBe(name);
  });

  it("that set nothing here say why, in a sentence", () => {
    for (const [name, { why }] of celerySettings) expect(`${name}: ${why}`).toMatch(/: .{20,}[^.]$/);
  });
});
