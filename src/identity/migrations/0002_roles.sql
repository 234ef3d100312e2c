-- Roles: members become developers, the first admin the owner.
alter table identity_users drop constraint identity_users_role_check;
update identity_users set role = 'developer' where role = 'member';
update identity_users set role = 'owner'
where id = (select min(id) from identity_users where role = 'admin');
alter table identity_users add constraint identity_users_role_check
  check (role in ('guest', 'viewer', 'developer', 'admin', 'owner'));

-- A service account has no password and no address: what stands in `email` is its name, without @.
alter table identity_users add column kind text not null default 'person'
  check (kind in ('person', 'service'));
alter table identity_users add constraint identity_users_kind_of_email
  check ((kind = 'person') = (position('@' in email) > 0));

-- What a key is limited to; null: nothing. Ids are never used again, so a key for a project or an
-- environment that is gone may do nothing.
alter table identity_api_keys add column scopes text[];
alter table identity_api_keys add column project_id bigint;
alter table identity_api_keys add column environment_id bigint;
