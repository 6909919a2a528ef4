# The supervisor in a container. The client's binaries come from the chain into the volume at run time, so that the
# volume must allow exec; everything else may be read-only:
#
#   docker run -d --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --stop-timeout 90 \
#     -v vaultvisor:/var/lib/vaultvisor -v ./vaultvisor.d:/etc/vaultvisor:ro vaultvisor   (a folder: a file that is mounted alone never shows an edit)
#
# `home` in args.json is /var/lib/vaultvisor; --stop-timeout is longer than the longest `stop.grace`.
# Both images can be replaced (a mirror, a digest); the base decides which glibc the clients find.
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY .npmrc package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
RUN npm run build && cp "$(command -v node)" /build/node

FROM ${BASE_IMAGE}
# A client's image may name a user of its own, who may install nothing.
USER root
# A base that has them already builds without a network. flock and timeout are there: util-linux and coreutils are essential.
RUN if [ ! -x /usr/bin/tini ]; then \
      apt-get update && apt-get install -y --no-install-recommends ca-certificates libstdc++6 tini && rm -rf /var/lib/apt/lists/*; \
    fi \
 && flock --version && timeout --version && /usr/bin/tini --version \
 && { getent group 10001 > /dev/null || groupadd --gid 10001 vaultvisor; } \
 && { getent passwd 10001 > /dev/null || useradd --uid 10001 --gid 10001 --home-dir /var/lib/vaultvisor --no-create-home --shell /usr/sbin/nologin vaultvisor; } \
 && install -d -o 10001 -g 10001 -m 0700 /var/lib/vaultvisor \
 && install -d -m 0755 /etc/vaultvisor \
 && install -d -m 1777 /run/lock/vaultvisor \
 && ln -s /opt/vaultvisor/dist/cli/main.js /usr/local/bin/vaultvisor
COPY --from=build /build/node /usr/local/bin/node
COPY --from=build /build/package.json /opt/vaultvisor/package.json
COPY --from=build /build/dist /opt/vaultvisor/dist

# The locks lie in the volume: the root is read-only, and two containers of one volume must not both start a client.
ENV NODE_ENV=production VAULTVISOR_LOCKS=/var/lib/vaultvisor/locks
USER 10001:10001
VOLUME /var/lib/vaultvisor
# The base may name another, which would end vaultvisor without its clients being asked.
STOPSIGNAL SIGTERM
# Degraded (3) and stopped (4) are both 1 here: Docker reserves the other numbers.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["sh", "-c", "vaultvisor status || exit 1"]
# Node must not be PID 1: what clients leave behind is reaped by tini. Only vaultvisor gets its SIGTERM, not the clients.
ENTRYPOINT ["/usr/bin/tini", "--", "vaultvisor"]
CMD ["run"]
