-- The last wish for a split of each environment, and the job that makes it true.
create table split_wishes (
  environment_id bigint primary key references environments (id) on delete cascade,
  deployment_id bigint not null references deployments (id) on delete cascade, -- beside the live one; its log tells of it
  wishes jsonb not null,
  first_line bigint not null, -- of that log, before the first that tells of it
  job_id bigint not null
);
