create table access_teams (
  id bigint generated always as identity primary key,
  name text not null unique,
  created_at timestamptz not null
);

create table access_team_members (
  team_id bigint not null references access_teams (id) on delete cascade,
  user_id bigint not null references identity_users (id) on delete cascade,
  primary key (team_id, user_id)
);
create index access_team_members_by_user on access_team_members (user_id);

-- A role on one project, of a user or of a team.
create table access_grants (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects (id) on delete cascade,
  user_id bigint references identity_users (id) on delete cascade,
  team_id bigint references access_teams (id) on delete cascade,
  role text not null check (role in ('viewer', 'developer', 'admin')),
  created_at timestamptz not null,
  check ((user_id is null) <> (team_id is null)),
  unique (project_id, user_id),
  unique (project_id, team_id)
);
create index access_grants_by_user on access_grants (user_id);
create index access_grants_by_team on access_grants (team_id);

-- Links that make an account, kept as SHA-256. Whoever invited and is gone takes them along.
create table access_invitations (
  id bigint generated always as identity primary key,
  email text not null unique,
  role text not null check (role in ('guest', 'viewer', 'developer', 'admin', 'owner')),
  grants jsonb not null,
  teams bigint[] not null,
  token_hash bytea not null unique,
  invited_by bigint references identity_users (id) on delete cascade,
  inviter text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

-- Deployment tokens belong to a project. `maker` is for people to read: they outlive who made them.
create table access_tokens (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects (id) on delete cascade,
  environment_id bigint references environments (id) on delete cascade,
  name text not null,
  token_hash bytea not null unique,
  maker text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz
);
create index access_tokens_by_project on access_tokens (project_id);
