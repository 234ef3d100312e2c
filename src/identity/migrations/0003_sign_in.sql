-- Where a session was begun, and when it was last used (to the minute).
alter table identity_sessions
  add column last_used_at timestamptz,
  add column address text not null default '',
  add column user_agent text not null default '';
update identity_sessions set last_used_at = created_at;
alter table identity_sessions alter column last_used_at set not null;

-- One-time codes (RFC 6238). The secret is sealed, bound to the user. Until it is confirmed by a
-- code it protects nothing.
create table identity_second_factors (
  user_id bigint primary key references identity_users (id) on delete cascade,
  secret bytea not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  -- The newest step whose code was used: neither it nor an earlier one is taken again.
  last_step bigint not null default 0,
  attempts integer not null default 0,
  attempts_since timestamptz not null
);
create table identity_recovery_codes (
  user_id bigint not null references identity_second_factors (user_id) on delete cascade,
  code_hash bytea not null,
  primary key (user_id, code_hash)
);

-- The password was right and the code is awaited: good for nothing else.
create table identity_pending_logins (
  id bigint generated always as identity primary key,
  user_id bigint not null references identity_users (id) on delete cascade,
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  attempts integer not null default 0,
  key_name text -- of the API key that is wanted instead of a session
);

-- One link at most for each user.
create table identity_password_resets (
  user_id bigint primary key references identity_users (id) on delete cascade,
  token_hash bytea not null unique,
  expires_at timestamptz not null
);

-- How often was tried to log in. Nothing is lost by a crash that would be worth a wait for the
-- disk.
create unlogged table identity_login_counts (
  key text primary key,
  since timestamptz not null,
  attempts integer not null
);
