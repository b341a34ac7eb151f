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
# Inside a container the loopback is the container's own: publish the ports on the host's 127.0.0.1.
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=8600
VOLUME /data
EXPOSE 8600 8601 8602 8603
HEALTHCHECK --interval=30s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8600/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGINT
CMD ["node", "src/main.ts"]
