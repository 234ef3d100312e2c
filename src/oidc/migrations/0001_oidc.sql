-- Where people may log in besides here. The secret is sealed, bound to the name, which never changes.
create table oidc_providers (
  id bigint generated always as identity primary key,
  name text not null unique,
  label text not null,
  -- Never changes: whoever could point it elsewhere would be everybody who is known by it.
  issuer text not null unique,
  client_id text not null,
  sealed_secret bytea not null,
  email_domains text[] not null,
  unknown_people text not null check (unknown_people in ('refused', 'invited', 'guests')),
  links_by_email boolean not null,
  trusted_second_factor boolean not null,
  created_at timestamptz not null
);

-- A person is known by what the issuer calls them, not by an address, which may change hands.
create table oidc_links (
  id bigint generated always as identity primary key,
  provider_id bigint not null references oidc_providers (id) on delete cascade,
  subject text not null,
  user_id bigint not null references identity_users (id) on delete cascade,
  email text not null, -- as the provider said last; to be shown only
  created_at timestamptz not null,
  last_used_at timestamptz,
  unique (provider_id, subject)
);
create index oidc_links_by_user on oidc_links (user_id);
