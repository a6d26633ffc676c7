# Clearwell in a container: the binary with its pages, ONNX Runtime and the embedder. The database is
# another container (compose.yaml). For Linux on x86_64, as the pinned parts are.

FROM node:22-bookworm-slim AS pages
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci
COPY web/ ./
RUN npm run build

FROM python:3.12-slim-bookworm AS parts
WORKDIR /src
COPY setup/ setup/
RUN CLEARWELL_HOME=/opt/clearwell setup/setup.sh onnxruntime model \
 && rm -rf /opt/clearwell/logs /opt/clearwell/.lock

FROM golang:1.26-bookworm AS binary
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=pages /src/web/dist/ web/dist/
ARG VERSION=dev
RUN CGO_ENABLED=1 go build -trimpath -ldflags "-X main.version=${VERSION}" -o /clearwell ./cmd/clearwell

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libstdc++6 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/clearwell --create-home clearwell
COPY LICENSE NOTICE /usr/share/doc/clearwell/
COPY --from=parts /opt/clearwell/ /opt/clearwell/
COPY --from=binary /clearwell /usr/local/bin/clearwell
COPY examples/ /opt/clearwell/examples/
USER clearwell
ENV CLEARWELL_HOME=/opt/clearwell \
    CLEARWELL_DATA=/var/lib/clearwell \
    CLEARWELL_LISTEN=0.0.0.0:8080
VOLUME /var/lib/clearwell
EXPOSE 8080
# bash opens the connection itself, so that the image needs no HTTP client.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["clearwell"]
CMD ["serve"]
