-- The git repository elsewhere that a project is deployed from, and what opens it.
create table source_repositories (
  project_id bigint primary key references projects (id) on delete cascade,
  url text not null,
  credential text not null,            -- none, token, deploy_key
  user_name text not null default '',  -- of a token
  sealed bytea not null default '',    -- the token, or the private half of the key
  public_key text not null default '',
  changed_at timestamptz not null
);

-- Who a project is to a registry of images.
create table source_registries (
  project_id bigint not null references projects (id) on delete cascade,
  host text not null,
  user_name text not null,
  sealed bytea not null,
  changed_at timestamptz not null,
  primary key (project_id, host)
);
