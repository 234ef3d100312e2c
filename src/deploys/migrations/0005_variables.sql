-- The version of the environment's variables that a deployment runs with, and which deployment a rollback brings back.
-- 0: none.
alter table deployments add column variables bigint not null default 0;
alter table deployments add column restores bigint not null default 0;
update deployments set restores = origin where trigger = 'rollback';
