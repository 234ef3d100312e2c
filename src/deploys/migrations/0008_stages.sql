-- What a deployment has gone through, in the order of `id`. One that was cut off and taken up again goes through a stage
-- twice.
create table deployment_stages (
  id bigint generated always as identity primary key,
  deployment_id bigint not null references deployments (id) on delete cascade,
  stage text not null,
  began_at timestamptz not null,
  ended_at timestamptz
);

create index deployment_stages_of on deployment_stages (deployment_id, id);
