-- Who changed what. A row before the change, another with its outcome: a change whose process died
-- in between has the first alone. In parts of a month each, made when they are needed; the only way
-- out of these tables is to drop a whole part.
create sequence audit_id;

create table audit_entries (
  began_at timestamptz not null,
  id bigint not null default nextval('audit_id'),
  -- session, key, token, machine (a command on the server itself), temps (by itself) or anonymous
  actor text not null,
  user_id bigint not null,
  email text not null,
  credential bigint not null,
  credential_name text not null,
  operation text not null,
  summary text not null,
  method text not null,
  path text not null,
  project text not null,
  target jsonb not null,
  given jsonb,
  before jsonb,
  client text not null,
  user_agent text not null,
  request_id text not null
) partition by range (began_at);
create index audit_entries_by_time on audit_entries (began_at desc, id desc);
create index audit_entries_of_project on audit_entries (project, began_at desc, id desc)
  where project <> '';

-- `began_at` and `entry` are those of the entry.
create table audit_outcomes (
  began_at timestamptz not null,
  entry bigint not null,
  ended_at timestamptz not null,
  status integer not null,
  error text not null,
  after jsonb,
  -- Who a login turned out to be.
  user_id bigint not null,
  email text not null
) partition by range (began_at);
create unique index audit_outcomes_of_entry on audit_outcomes (began_at, entry);

create function audit_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only added to; % of % is refused', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

-- Those for rows are copied to every part by PostgreSQL; that of TRUNCATE is not, so audit_part()
-- makes one there.
create trigger audit_keep before update or delete on audit_entries
  for each row execute function audit_refuse();
create trigger audit_keep before update or delete on audit_outcomes
  for each row execute function audit_refuse();
create trigger audit_keep_all before truncate on audit_entries
  for each statement execute function audit_refuse();
create trigger audit_keep_all before truncate on audit_outcomes
  for each statement execute function audit_refuse();
