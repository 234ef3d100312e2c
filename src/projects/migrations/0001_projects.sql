create table projects (
  id bigint generated always as identity primary key,
  name text not null unique,
  created_at timestamptz not null
);

create table environments (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects (id) on delete cascade,
  name text not null,
  settings jsonb not null,
  unique (project_id, name)
);
