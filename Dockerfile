# The bot, or with arguments its command line: docker compose run --rm --no-deps latchkey rescue NAME
ARG NODE_IMAGE=node:22-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /app
# better-sqlite3 is compiled where there is no binary of it for the platform.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# What runs is dist/ and the four packages that cannot be packed into it, without what was for the compiler.
RUN npm run build \
  && npm prune --omit=dev \
  && find dist -name '*.map' -delete \
  && cd node_modules/better-sqlite3 \
  && rm -rf deps src build/Release/obj* build/Release/.deps build/Release/sqlite3.a

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
# What is typed for the command line, as sentences that name a command say it.
ENV LATCHKEY_COMMAND="docker compose run --rm --no-deps latchkey"
COPY --from=build /app/package.json /app/LICENSE /app/.env.example /app/
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
# Everything that is kept lies here: .env, and the bot's database in data/.
RUN mkdir /config && chown node:node /config
WORKDIR /config
VOLUME /config
USER node
ENTRYPOINT ["node", "/app/dist/cli.js"]
CMD ["start"]
HEALTHCHECK --interval=1m --timeout=15s --start-period=1m CMD ["node", "/app/dist/cli.js", "health"]
