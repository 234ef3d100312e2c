-- Each change of an environment's variables is a version, counted from 1; its rows are never changed.
create table variable_versions (
  environment_id bigint not null references environments (id) on delete cascade,
  number bigint not null,
  made_at timestamptz not null,
  made_by text not null,
  set_names text[] not null,
  removed_names text[] not null,
  primary key (environment_id, number)
);

-- A value from version `since` on, until another took its place or it was removed with version `until`. `sealed` opens
-- only with the key of the secrets, and only in this place.
create table variable_values (
  environment_id bigint not null references environments (id) on delete cascade,
  name text not null,
  kind text not null,
  sealed bytea not null,
  bytes bigint not null,
  since bigint not null,
  until bigint,
  primary key (environment_id, name, since)
);
