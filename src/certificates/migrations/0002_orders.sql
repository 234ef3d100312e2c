-- Certificates that Temps gets by itself: how far the one for each domain is. What there is to do is looked for by
-- next_at.
create table certificate_orders (
  domain_id bigint primary key references domains (id) on delete cascade,
  name text not null,
  state text not null,
  detail text not null default '',
  error_code text not null default '',
  failures integer not null default 0,
  proof text not null default '',
  authority text not null default '',
  renewal_id text not null default '',
  renew_at timestamptz,
  next_at timestamptz not null,
  changed_at timestamptz not null,
  tried_at timestamptz,
  -- An order that is under way at the authority, with the key that its certificate is to have.
  order_url text not null default '',
  sealed_key bytea
);

create index certificate_orders_due on certificate_orders (next_at);

-- Our account at each authority. The key is sealed by the vault, bound to the directory URL.
create table certificate_accounts (
  directory_url text primary key,
  url text not null,
  sealed_key bytea not null,
  created_at timestamptz not null
);
