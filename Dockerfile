# Built where the registry is reachable; the image needs no network of its own.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=build --chown=node:node /app /app
RUN mkdir /data && chown node:node /data
USER node
# Plain HTTP stays on the loopback, and a container's is its own. A counter, whose screen is on the same machine, shares
# the host's: docker run --network host. An office or survey elsewhere answers by TLS (src/tls/README.md):
#   docker run -e ROLES=office -e OFFICE_LAN=8611 -e ALLOWED_HOSTS=madoguchi.city.example.jp -p 8611:8611 …
ENV DATA_DIR=/data PORT=8600
VOLUME /data
EXPOSE 8610 8611 8612
HEALTHCHECK --interval=30s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "Promise.any([8600, 8601, 8602].map((p) => fetch(`http://127.0.0.1:${p}/healthz`).then((r) => r.ok || Promise.reject()))).then(() => process.exit(0), () => process.exit(1))"]
STOPSIGNAL SIGINT
CMD ["node", "src/main.ts"]
