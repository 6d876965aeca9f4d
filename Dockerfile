FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

ENV PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/almanac.db \
    HEALTH_PORT=8080 \
    MPLCONFIGDIR=/tmp

WORKDIR /app

COPY requirements.txt ./
RUN pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements.txt \
    && useradd --system --uid 10001 --home-dir /data --create-home almanac

COPY bot bot
COPY cogs cogs
COPY db db
COPY seeds seeds

USER 10001
VOLUME /data

# It listens inside the container alone. A bot that is only cut off from Discord is healthy: it connects again by itself.
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"HEALTH_PORT\"]}/healthz', timeout=5)"]

# Python turns this signal into a clean shutdown by itself.
STOPSIGNAL SIGINT
CMD ["python", "-m", "bot", "run"]
