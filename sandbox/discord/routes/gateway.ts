import { openRoute, route, type Call } from '../router.js';

function address({ world }: Call): string {
  return world.url.replace(/^http/, 'ws').replace(/\/api$/, '');
}

/** Where the WebSocket is. */
export const gatewayRoutes = [
  openRoute('GET', '/gateway', (call) => ({ status: 200, body: { url: address(call) } })),
  route('GET', '/gateway/bot', (call) => ({
    status: 200,
    body: {
      url: address(call),
      shards: 1,
      session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 },
    },
  })),
];
