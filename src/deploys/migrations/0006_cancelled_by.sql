-- Who has asked for the deployment's end; empty: nobody. Kept before anything is ended, so that it holds after a restart.
alter table deployments add column cancelled_by text not null default '';
