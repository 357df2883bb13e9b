# One image for Airflow's services and for the command `p20w`; data and secrets stay outside.
FROM python:3.11-slim

RUN useradd --system --uid 10001 --create-home p20w \
    && install --directory --owner=p20w --group=p20w --mode=0700 /var/lib/p20w /var/lib/airflow

WORKDIR /opt/p20w

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY p20w ./p20w
COPY ingestion ./ingestion
COPY expectations ./expectations
COPY dbt_project ./dbt_project
COPY dags ./dags
RUN pip install --no-cache-dir --no-deps --editable .

ENV PYTHONUNBUFFERED=1 \
    P20W_HOME=/var/lib/p20w \
    AIRFLOW_HOME=/var/lib/airflow \
    SCARF_ANALYTICS=false \
    DO_NOT_TRACK=1

USER p20w

CMD ["p20w", "--help"]
