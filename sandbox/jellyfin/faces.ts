import { json, type Answer } from './http/answers.js';
import { publicInfo } from './routes/system.js';
import type { World } from './world.js';

/** What a server shows while it starts: nothing listens, the set-up server, a 503, one whose start failed, and the real one. */
export type StartingFace = 'refused' | 'setup' | '503' | 'failed' | 'real';

/** What a reverse proxy puts in front of it. */
export type ProxyFace = 'html' | 'wrong-base-path' | 'bad-gateway' | 'none';

/** The answer of a server that is not there yet; undefined when the real one answers. */
export function startingAnswer(face: StartingFace, path: string, world: World): Answer | undefined {
  if (face === '503') {
    return { status: 503, contentType: 'text/html', body: 'Jellyfin Server is loading. Please try again shortly.' };
  }
  if (face === 'failed' && path.toLowerCase() === '/health')
    return { status: 503, contentType: 'text/plain', body: 'Unhealthy' };
  // 10.11 still introduces itself, as the set-up server does (recordings `q-upgrade-failed-…`).
  if (face === 'failed' && (world.traits.is12 || path.toLowerCase() !== '/system/info/public'))
    return { status: 503, headers: { 'retry-after': '005' } };
  if (face !== 'setup' && face !== 'failed') return undefined;
  if (path.toLowerCase() !== '/system/info/public') return setupPage;
  const info = Object.entries({ ...publicInfo(world), StartupWizardCompleted: false });
  return json(Object.fromEntries(info.map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value])));
}

const setupPage: Answer = {
  status: 200,
  contentType: 'text/html',
  body: '<!DOCTYPE html><html><head><title>Jellyfin Startup</title></head><body>Jellyfin is starting.</body></html>',
};

/** The answer of a reverse proxy instead of the server's; undefined when it lets the call through. */
export function proxyAnswer(face: ProxyFace): Answer | undefined {
  if (face === 'html') return page(200, 'Welcome home');
  if (face === 'wrong-base-path') return page(404, '404 Not Found');
  if (face === 'bad-gateway') return page(502, '502 Bad Gateway');
  return undefined;
}

function page(status: number, title: string): Answer {
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body><center><h1>${title}</h1></center></body>\r\n</html>`;
  return { status, contentType: 'text/html', body };
}
