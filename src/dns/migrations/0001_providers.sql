-- Who keeps the records of a zone. The key is sealed by the vault, bound to the zone.
create table dns_providers (
  id bigint generated always as identity primary key,
  zone text not null unique,
  kind text not null,
  server text not null,
  key_name text not null,
  sealed_key bytea not null,
  created_at timestamptz not null
);
