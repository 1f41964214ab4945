# One image for every process of EST: web, worker, beat and migrations. docs/running.md says how it is used.
FROM python:3.13-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/est/.venv
COPY requirements.lock /opt/est/
RUN /opt/est/.venv/bin/pip install --require-hashes --requirement /opt/est/requirements.lock

FROM python:3.13-slim-bookworm
# what WeasyPrint draws with; the same packages as in ./est
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 est \
    && useradd --system --uid 10001 --gid est --home-dir /nonexistent --shell /usr/sbin/nologin est
WORKDIR /opt/est
COPY --from=packages /opt/est/.venv .venv
COPY manage.py ./
COPY est_site est_site
COPY incidents incidents
COPY situation situation
COPY interventions interventions
COPY reviews reviews
COPY templates templates
COPY static static
COPY locale locale
ENV PATH=/opt/est/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    EST_VAR=/opt/est/var \
    EST_MEDIA_ROOT=/srv/media
# the secret of these two commands signs nothing and stays in no layer
RUN python -m compileall -q est_site incidents situation interventions reviews \
    && python -m est_site.catalogues \
    && SECRET_KEY=only-while-the-image-is-built python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p /srv/media && chown est:est /srv/media
USER 10001:10001
EXPOSE 8000
VOLUME /srv/media
HEALTHCHECK NONE
CMD ["granian", "--interface", "wsgi", "est_site.wsgi:application", "--host", "0.0.0.0", "--port", "8000"]
