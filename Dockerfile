# tap-lint as an image:  docker build -t tap-lint .
# Checks the folder at hand:  docker run --rm --network none --volume "$PWD:/work:ro" tap-lint
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml hatch_build.py README.md LICENSE NOTICE ./
COPY tools tools
COPY rules rules
COPY reference reference
COPY tflint_tap tflint_tap
RUN python -m venv /opt/tap-lint \
 && /opt/tap-lint/bin/pip install --no-cache-dir --disable-pip-version-check . \
 && /opt/tap-lint/bin/pip uninstall --yes --quiet pip

FROM python:3.13-slim
COPY --from=build /opt/tap-lint /opt/tap-lint
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tap-lint
# the reports of a container aren't kept: it is gone when it has printed them
ENV PATH="/opt/tap-lint/bin:$PATH" TAP_LINT_NO_CACHE=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /work
ENTRYPOINT ["tap-lint"]
CMD ["."]
