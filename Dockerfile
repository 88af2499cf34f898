# Without arguments the bot; with arguments its command line, as in: docker compose run --rm --no-deps latchkey rescue NAME
FROM node:22-slim AS build
WORKDIR /app
# For the rare platform on which better-sqlite3 has to be compiled.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-slim
WORKDIR /app
ENV NODE_ENV=production
# What is typed for the command line, as sentences that name a command say it.
ENV LATCHKEY_COMMAND="docker compose run --rm --no-deps latchkey"
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN mkdir data && chown node:node data
USER node
# `exec`, so that signals reach the bot and not a shell.
ENTRYPOINT ["sh", "-c", "[ $# -eq 0 ] && exec node dist/index.js; exec node dist/cli.js \"$@\"", "latchkey"]
