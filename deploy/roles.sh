#!/bin/sh
# Run once by the PostgreSQL image, in the database it has just made: the three roles, their passwords, and the owner.
set -eu

psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 --quiet --file "${ROLES_SQL:-/srv/roles.sql}"

# the passwords come over standard input, not as arguments that a list of processes would show
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 --quiet <<'SQL'
\getenv owner_password EST_OWNER_PASSWORD
\getenv app_password EST_APP_PASSWORD
ALTER ROLE est_owner PASSWORD :'owner_password';
ALTER ROLE est_app PASSWORD :'app_password';
ALTER DATABASE :"DBNAME" OWNER TO est_owner;
SQL
