-- `subject` is a digest of names and algorithm: a certificate of the same takes the place of the one before, with the
-- next version. The key is sealed by the vault, bound to the fingerprint.
create table certificates (
  id bigint generated always as identity primary key,
  version integer not null,
  subject text not null unique,
  names text[] not null,
  algorithm text not null,
  source text not null,
  state text not null,
  issuer text not null,
  serial text not null,
  fingerprint text not null,
  not_before timestamptz not null,
  not_after timestamptz not null,
  chain text not null,
  sealed_key bytea not null,
  stored_at timestamptz not null
);

create index certificates_by_name on certificates using gin (names);
