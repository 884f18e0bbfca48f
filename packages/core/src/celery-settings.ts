/**
 * Celery's settings that are no settings here: where each has gone, or why there is nothing for it to set.
 *
 * A setting that is not listed is one of ours, by the same name in camelCase. All are in docs/settings.md; a test holds this
 * file, that page and the settings to each other. Only `configFrom` reads it, so that no other bundle has it.
 *
 * @module
 */

/** What becomes of one of Celery's settings. */
export interface CelerySetting {
  /** `elsewhere`: something else here has its meaning. `always`: it holds anyway. `none`: it would set nothing. */
  readonly verdict: "elsewhere" | "always" | "none";
  /** Why, and what to do instead. */
  readonly why: string;
  /** The value that `always` holds; given so, there is nothing to say about it. */
  readonly agreed?: unknown;
}

type Row = readonly [names: string, why: string];

/** Something else has their meaning. */
const elsewhere: readonly Row[] = [
  [
    "broker_url broker_write_url broker_read_url",
    "the broker is an adapter, broker: qstash(); its address and token are QSTASH_URL and QSTASH_TOKEN",
  ],
  [
    "broker_transport_options",
    "an adapter has options of its own: qstash({ retries, timeout }) for how often and how long it pushes",
  ],
  [
    "broker_failover_strategy",
    "QStash has one address, and is itself redundant; a gateway of yours goes behind a name",
  ],
  [
    "broker_connection_timeout",
    "a publish call gives up by taskPublishRetryPolicy; give applyAsync retryPolicy for one call",
  ],
  [
    "result_backend",
    "the backend is an adapter, backend: upstash(); its address and token are UPSTASH_REDIS_REST_URL and _TOKEN",
  ],
  ["override_backends", "an adapter is a value: give backend: the one that you mean"],
  [
    "result_backend_transport_options",
    "upstash({ prefix }) is what global_keyprefix is there; nothing else of it has a meaning",
  ],
  [
    "result_backend_always_retry result_backend_max_retries result_backend_base_sleep_between_retries_ms result_backend_max_sleep_between_retries_ms",
    "a worker offers an end to the store again for workerStorePatience, with growing pauses; a reader is told at once",
  ],
  [
    "redis_socket_timeout redis_socket_connect_timeout redis_retry_on_timeout",
    "one request to the store may take upstash({ timeout }) seconds, its repetitions included",
  ],
  [
    "task_compression",
    "a message stays text that every worker reads; an argument too large for one is stored and referred to",
  ],
  ["task_protocol", "messages are protocol 2 with a version of their own; protocol 1 of Python clients is read"],
  ["task_remote_tracebacks", "the worker's traceback is always in result.traceback() and in the error's data"],
  [
    "task_allow_error_cb_on_chord_header",
    "an errback on a chord goes to its body, one on a member to that member, once each",
  ],
  [
    "task_acks_on_failure_or_timeout",
    "it is the umbrella of two settings: set taskAcksOnFailure and taskAcksOnTimeout",
  ],
  ["worker_concurrency", "who may run at once is the broker's to say: give a queue its parallelism"],
  ["worker_lost_wait", "a worker that died loses its tasks when their lease ends: workerLease"],
  ["worker_state_db", "revoked ids are kept in the store, for as long as their messages may still come"],
  [
    "worker_soft_shutdown_timeout",
    "whoever serves the worker drains it; what it does not finish is taken over when the lease ends",
  ],
  [
    "worker_enable_remote_control",
    "nobody is asked: control(app) of umbel/control reads the store; over HTTP with a token, where you serve it",
  ],
  ["worker_hijack_root_logger", "lines go to the log that the application was given: new Umbel(name, { log })"],
  [
    "worker_log_format worker_task_log_format",
    "a log takes records, with task name and id: new Umbel(name, { log }) writes them as you like",
  ],
  [
    "event_queue_ttl event_queue_prefix event_exchange event_serializer",
    "events are published as Celery's are, and kept for a while: upstash({ eventsKept }), events() of umbel/events",
  ],
  ["security_key security_key_password", "QStash signs pushes: QSTASH_CURRENT_SIGNING_KEY"],
  [
    "security_certificate security_cert_store",
    "a push is verified with QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY",
  ],
  [
    "beat_scheduler",
    "entries and what was sent for them are kept in a store: beat(app, entries, { store }) takes another",
  ],
  ["result_cache_max", "a handle asks the store each time; keep what get() returned"],
  [
    "s3_access_key_id s3_secret_access_key s3_bucket s3_base_path s3_endpoint_url s3_region azureblockblob_container_name azureblockblob_base_path azureblockblob_retry_initial_backoff_sec azureblockblob_retry_increment_base azureblockblob_retry_max_attempts azureblockblob_connection_timeout azureblockblob_read_timeout gcs_bucket gcs_project gcs_base_path gcs_ttl",
    "results are kept in Redis over REST; a store of your own is a backend adapter, which umbel's conformance suite tests",
  ],
  [
    "database_url cache_backend mongodb_backend_settings redis_host redis_port redis_db redis_username redis_password",
    "the backend is an adapter, backend: upstash(), reached over REST",
  ],
  [
    "broker_host broker_port broker_user broker_password broker_vhost broker_transport",
    "the broker is an adapter, broker: qstash()",
  ],
];

/** They hold anyway. */
const always: readonly (readonly [...Row, agreed: unknown])[] = [
  [
    "worker_deduplicate_successful_tasks",
    "a task that has ended is not run again, however often its message comes",
    true,
  ],
  ["broker_use_ssl", "what goes over a network goes over https", true],
  ["security_digest", "signatures are HMAC with SHA-256", "sha256"],
  ["task_default_delivery_mode", "a message is stored before publishing returns", "persistent"],
];

/** They would set nothing. */
const none: readonly Row[] = [
  [
    "imports include",
    "bundlers follow import statements only: import the modules that declare tasks where the worker is made",
  ],
  [
    "worker_prefetch_multiplier worker_disable_prefetch worker_eta_task_limit worker_enable_prefetch_count_reduction worker_detect_quorum_queues",
    "pushes are not prefetched: the broker holds what waits, and what is due later; limit how many run with parallelism",
  ],
  [
    "worker_max_tasks_per_child worker_max_memory_per_child worker_proc_alive_timeout worker_pool worker_pool_restarts worker_pool_putlocks worker_autoscaler worker_consumer worker_timer worker_timer_precision worker_agent",
    "a worker has no child processes: the platform starts, scales and ends what answers requests",
  ],
  [
    "worker_direct",
    "a worker has no identity that a queue could belong to: any instance may answer; give work that belongs together a queue",
  ],
  [
    "worker_disable_rate_limits",
    "rates are limited by the broker, for all workers together: take the limit away where it is set",
  ],
  [
    "worker_cancel_long_running_tasks_on_connection_loss",
    "there is no connection to lose; a lost lease aborts task.signal",
  ],
  ["worker_enable_soft_shutdown_on_idle", "a worker that has nothing to do holds nothing that could be lost"],
  [
    "worker_log_color worker_redirect_stdouts worker_redirect_stdouts_level",
    "the platform takes what a program prints; use task.log",
  ],
  [
    "worker_logfile worker_pidfile worker_uid worker_gid worker_umask worker_executable beat_logfile beat_pidfile beat_uid beat_gid beat_umask beat_executable events_logfile events_pidfile events_uid events_gid events_umask events_executable",
    "nothing here is a daemon: whatever runs the program has these",
  ],
  ["task_queue_max_priority", "a broker has priorities or not, and always 0 to 9: its trait says so"],
  [
    "task_create_missing_queue_type task_create_missing_queue_exchange_type task_default_queue_type task_default_exchange task_default_exchange_type task_default_routing_key broker_native_delayed_delivery_queue_type result_exchange result_exchange_type",
    "there are no exchanges: a queue is a path of a worker's address; use task_default_queue and task_routes",
  ],
  ["result_persistent", "results are kept as the store keeps anything: give Redis persistence there"],
  ["result_compression", "results are JSON that Python reads as well; Redis over REST compresses on the way"],
  ["result_backend_thread_safe", "no thread here shares anything with another one"],
  [
    "result_chord_join_timeout result_chord_retry_interval",
    "nobody joins or polls a chord: its last member completes it in the store",
  ],
  [
    "broker_heartbeat broker_heartbeat_checkrate broker_pool_limit broker_pool_acquire_timeout broker_connection_retry broker_connection_retry_on_startup broker_connection_max_retries broker_channel_error_retry broker_login_method",
    "there is no connection to the broker, only requests: how these are repeated is task_publish_retry_policy",
  ],
  [
    "redis_backend_health_check_interval redis_backend_use_ssl redis_backend_credential_provider redis_max_connections redis_socket_keepalive redis_client_name",
    "Redis is reached over REST: there is no connection to keep",
  ],
  [
    "event_queue_expires event_queue_durable event_queue_exclusive control_queue_ttl control_queue_expires control_exchange control_queue_durable control_queue_exclusive",
    "there are no queues for events and control: the store keeps what was told, and answers for the workers",
  ],
  [
    "beat_schedule_filename beat_sync_every",
    "beat keeps nothing in a file: each run is marked in the store by the tick that sends it",
  ],
  [
    "database_create_tables_at_setup database_engine_options database_short_lived_sessions database_table_schemas database_table_names database_engine_callback cache_backend_options cassandra_servers cassandra_secure_bundle_path cassandra_bundle_path cassandra_port cassandra_keyspace cassandra_table cassandra_read_consistency cassandra_write_consistency cassandra_entry_ttl cassandra_auth_provider cassandra_auth_kwargs cassandra_options elasticsearch_retry_on_timeout elasticsearch_max_retries elasticsearch_timeout elasticsearch_save_meta_as_text couchbase_backend_settings arangodb_backend_settings cosmosdbsql_database_name cosmosdbsql_collection_name cosmosdbsql_consistency_level cosmosdbsql_max_retry_attempts cosmosdbsql_max_retry_wait_time",
    "it is for another store's driver over TCP, which edge runtimes do not have; results are kept in Redis over REST",
  ],
];

/** By Celery's name, in lower case. */
export const celerySettings: ReadonlyMap<string, CelerySetting> = new Map([
  ...elsewhere.flatMap((row) => entries("elsewhere", row)),
  ...always.flatMap(([names, why, agreed]) => entries("always", [names, why], { agreed })),
  ...none.flatMap((row) => entries("none", row)),
]);

function entries(
  verdict: CelerySetting["verdict"],
  [names, why]: Row,
  more: Pick<CelerySetting, "agreed"> = {},
): readonly (readonly [name: string, setting: CelerySetting])[] {
  return names.split(" ").map((name) => [name, { verdict, why, ...more }]);
}
