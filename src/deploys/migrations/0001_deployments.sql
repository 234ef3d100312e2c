-- One row per deployment; `origin` is the number of the deployment whose build it uses (its own, but for rollbacks).
create table deployments (
  id bigint generated always as identity primary key,
  environment_id bigint not null references environments (id) on delete cascade,
  number bigint not null,
  origin bigint not null,
  trigger text not null,
  status text not null,
  commit_id text not null,
  commit_message text not null,
  branch text not null,
  source text not null default '',
  release jsonb,
  instance text not null default '',
  address text not null default '',
  port integer not null default 0,
  error_code text not null default '',
  error_detail text not null default '',
  created_at timestamptz not null,
  live_at timestamptz,
  finished_at timestamptz,
  unique (environment_id, number)
);

create index deployments_with_instance on deployments (id) where instance <> '';

-- What the proxy serves for an environment.
create table live_releases (
  environment_id bigint primary key references environments (id) on delete cascade,
  deployment_id bigint not null references deployments (id),
  switched_at timestamptz not null
);
