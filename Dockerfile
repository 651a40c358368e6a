# The server without a shell, npm or anything that builds it: docs/containers.md.
ARG NODE_MAJOR=24

FROM node:${NODE_MAJOR}-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build --silent
RUN find dist -name '*.map' -delete -o -name '*.ts' -delete

FROM node:${NODE_MAJOR}-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM gcr.io/distroless/nodejs${NODE_MAJOR}-debian13:nonroot
LABEL org.opencontainers.image.title="b2c-signin" \
      org.opencontainers.image.description="A small sign-in server for Azure AD B2C" \
      org.opencontainers.image.licenses="MIT"
COPY package.json LICENSE /app/
COPY --from=packages /app/node_modules /app/node_modules
# The client for Redis and Valkey, which those who keep sessions in memory do without elsewhere.
COPY --from=build /app/node_modules/@redis/client /app/node_modules/@redis/client
COPY --from=build /app/dist /app/dist
COPY templates /app/templates
ENV NODE_ENV=production \
    B2C_SIGNIN_LISTEN_HOST=0.0.0.0 \
    B2C_SIGNIN_LISTEN_PORT=3000
# Everything belongs to root and nothing is written. As a number, so that Kubernetes knows that it is not root.
USER 65532:65532
# Where config.json is looked for, by doctor and check-config too.
WORKDIR /etc/b2c-signin
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --start-interval=1s --retries=3 \
  CMD ["/nodejs/bin/node", "-e", "fetch('http://127.0.0.1:3000/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The program itself is process 1: it hears SIGTERM and SIGHUP, and its only children are its workers.
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/server.js"]
