-- The configuration half, as far as checks and references read it. The same in every release.
create table person (
  id integer not null primary key,
  object_guid text not null,
  account text not null,
  dn text not null,
  display_name text not null,
  deleted flag not null
);
create table workflow (
  id integer not null primary key,
  name text not null,
  enabled flag not null
);
create table policy (
  id integer not null primary key,
  name text not null,
  enabled flag not null
);
create table add_on (
  id integer not null primary key,
  name text not null,
  version text not null,
  enabled flag not null
);
create table replication_partner (
  id integer not null primary key,
  server text not null,
  role text not null
);
create table service_instance (
  id integer not null primary key,
  host text not null,
  version text not null,
  last_seen instant not null
);
