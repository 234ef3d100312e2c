-- The name of an environment in hosts and instances. Several pairs of project and environment make the same one
-- ("shop" and "eu-staging", "shop-eu" and "staging"): whoever comes second is refused.
alter table environments add column slug text;
update environments e set slug = case when e.name = 'production' then p.name else p.name || '-' || e.name end
  from projects p where p.id = e.project_id;
alter table environments alter column slug set not null;
alter table environments add constraint environments_slug unique (slug);
