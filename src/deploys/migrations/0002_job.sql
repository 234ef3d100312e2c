-- The job that carries a deployment on: one that has no open job any more has to be ended.
alter table deployments add column job_id bigint;

create index deployments_unended on deployments (id) where status in ('queued', 'building', 'starting', 'checking');
