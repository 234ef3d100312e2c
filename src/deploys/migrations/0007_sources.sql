-- What is deployed: push, upload, repository, image. A rollback or a restart has it from the deployment that it runs.
alter table deployments add column source_kind text not null default 'push';
-- The reference of an image that is pulled instead of a build.
alter table deployments add column image text not null default '';
update deployments d set source_kind = 'upload' from deployments o
  where o.environment_id = d.environment_id and o.number = d.origin and o.trigger = 'upload';
