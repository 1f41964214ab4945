-- The roles of EST, and their rights in the database this runs in. Run as superuser with psql; running it again changes nothing.
-- In template1 it holds for every database made afterwards, test databases included.
--
--   est_owner  owns the tables: migrations, and the making of test databases
--   est_clock  may learn which jobs are due, nothing else; nobody signs in as it
--   est_app    every web process and worker: owns nothing, and is est_clock only inside SET LOCAL ROLE

SELECT 'CREATE ROLE est_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'est_owner') \gexec
SELECT 'CREATE ROLE est_clock' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'est_clock') \gexec
SELECT 'CREATE ROLE est_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'est_app') \gexec

ALTER ROLE est_owner LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE est_clock NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE est_app LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- After NOINHERIT: from PostgreSQL 16 on, the grant remembers what the role was when it was given.
GRANT est_clock TO est_app;

ALTER ROLE est_app SET statement_timeout = '15s';
ALTER ROLE est_app SET lock_timeout = '3s';
ALTER ROLE est_app SET idle_in_transaction_session_timeout = '30s';

-- The schema belongs to pg_database_owner, that is to est_owner in each database est_owner owns.
ALTER SCHEMA public OWNER TO pg_database_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO est_app, est_clock;
GRANT CONNECT ON DATABASE :"DBNAME" TO est_app;
ALTER DEFAULT PRIVILEGES FOR ROLE est_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO est_app;
ALTER DEFAULT PRIVILEGES FOR ROLE est_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO est_app;
