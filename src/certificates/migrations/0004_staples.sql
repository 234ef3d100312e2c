-- What the issuer says of a certificate by OCSP. A row is about the content with this fingerprint; the certificate that
-- takes its place is asked about anew.
create table certificate_staples (
  certificate_id bigint primary key references certificates (id) on delete cascade,
  fingerprint text not null,
  word text not null,
  detail text not null default '',
  answer bytea,
  this_update timestamptz,
  next_update timestamptz,
  failures integer not null default 0,
  next_at timestamptz not null
);
