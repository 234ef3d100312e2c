create table identity_users (
  id bigint generated always as identity primary key,
  email text not null unique check (email = lower(email)),
  password_hash text not null,
  role text not null check (role in ('member', 'admin')),
  created_at timestamptz not null
);

-- Tokens are kept as SHA-256 only: they are random, so a plain hash is enough.
create table identity_sessions (
  id bigint generated always as identity primary key,
  user_id bigint not null references identity_users (id) on delete cascade,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index identity_sessions_by_user on identity_sessions (user_id);

create table identity_api_keys (
  id bigint generated always as identity primary key,
  user_id bigint not null references identity_users (id) on delete cascade,
  name text not null,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz
);
create index identity_api_keys_by_user on identity_api_keys (user_id);

-- One row at most: the link that makes the owner.
create table identity_setup (
  id smallint primary key default 1 check (id = 1),
  token_hash bytea not null,
  created_at timestamptz not null
);
