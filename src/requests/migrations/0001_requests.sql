-- The access log: what the proxy has answered for projects. A partition for each day.
create sequence requests_id;

create table requests (
  id bigint not null default nextval('requests_id'),
  began_at timestamptz not null,
  -- No foreign keys: they would be looked up for each row. What belongs to a project that is gone
  -- is removed by the hour.
  project_id bigint not null,
  environment_id bigint not null,
  deployment bigint not null,
  status smallint not null,
  protocol smallint not null,
  tls boolean not null,
  duration_us bigint not null,
  upstream_us bigint,
  sent_bytes bigint not null,
  received_bytes bigint not null,
  method text not null,
  host text not null,
  path text not null,
  client text not null,
  user_agent text not null,
  referrer text not null,
  request_id text not null,
  visitor text not null
) partition by range (began_at);

create index requests_of_project on requests (project_id, began_at desc, id desc);

-- Segments of the spool that were loaded and may still lie there.
create table requests_segments (
  id text primary key,
  loaded_at timestamptz not null
);
