create table jobs (
  id bigint generated always as identity primary key,
  kind text not null,
  key text,
  payload jsonb not null,
  state jsonb,
  status text not null default 'waiting'
    check (status in ('waiting', 'running', 'succeeded', 'failed', 'cancelled')),
  attempt integer not null default 0,
  attempts_max integer not null check (attempts_max >= 1),
  -- How often a process died or lost its lease while it ran the job.
  interruptions integer not null default 0,
  -- Counts up at every claim: who holds an older number has lost the job.
  run integer not null default 0,
  worker text,
  lease_until timestamptz,
  cancel_requested boolean not null default false,
  error_code text,
  error_detail text,
  created_at timestamptz not null,
  run_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);

create index jobs_due on jobs (run_at, id) where status = 'waiting';
create index jobs_in_key on jobs (key, id) where status in ('waiting', 'running');
create unique index jobs_one_run_per_key on jobs (key) where status = 'running';
create index jobs_running on jobs (worker) where status = 'running';
create index jobs_finished on jobs (finished_at) where finished_at is not null;
