-- Releases that share an environment's requests, the live one among them, each by its weight. Gone with the next switch.
create table release_splits (
  environment_id bigint not null references environments (id) on delete cascade,
  deployment_id bigint not null references deployments (id) on delete cascade,
  weight integer not null check (weight between 0 and 1000000),
  primary key (environment_id, deployment_id)
);
