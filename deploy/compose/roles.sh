#!/bin/sh
# Run once by the PostgreSQL image, on an empty volume: one role owns the tables, the other serves.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v serving="$SERVING_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE mutualist_owner LOGIN PASSWORD :'owner' NOSUPERUSER NOBYPASSRLS;
CREATE ROLE mutualist LOGIN PASSWORD :'serving' NOSUPERUSER NOBYPASSRLS;
CREATE DATABASE mutualist OWNER mutualist_owner;
SQL
