-- Names of the users' own under which environments answer.
create table domains (
  id bigint generated always as identity primary key,
  name text not null unique,
  environment_id bigint not null references environments (id) on delete cascade,
  role text not null,
  redirect_to text not null,
  redirect_status integer not null,
  keep_path boolean not null,
  https_only boolean not null,
  created_at timestamptz not null,
  dns text not null default 'unknown',
  dns_seen text[] not null default '{}',
  dns_detail text not null default '',
  checked_at timestamptz
);

create index domains_of_environment on domains (environment_id);
