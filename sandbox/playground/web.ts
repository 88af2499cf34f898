import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PageFiles } from './page-files.js';
import type { Playground, Wish } from './playground.js';
import type { ServerReport } from '../jellyfin/process/report.js';

/** Nothing of the page may come from, or go to, another address than its own. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const mostBytes = 1_000_000;

/** Where Jellyfin's process tells what it was asked. */
export const reportPath = '/jellyfin-report';

/** The page's own HTTP server, on 127.0.0.1 only. */
export class Web {
  readonly #server: Server;
  #playground: Playground | undefined;
  #page: Promise<PageFiles> | undefined;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** Listens on the port, or on a free one for 0; gives the address. @throws Error when the port is taken. */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers from now on: with this page, and about this playground. */
  serve(playground: Playground, page: Promise<PageFiles>): void {
    this.#playground = playground;
    this.#page = page;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '/', headers } = request;
    const path = new URL(url, 'http://127.0.0.1').pathname;
    response.setHeader('content-security-policy', policy);
    response.setHeader('x-content-type-options', 'nosniff');
    if (!isOwn(headers.host) || !this.#playground || !this.#page) return end(response, 403, 'text/plain', 'Not here.');
    if (method === 'POST') return this.#post(path, request, response, this.#playground);
    if (path === '/events') return this.#playground.feed.open(response);
    if (path.startsWith('/attachments/')) return this.#file(path, response, this.#playground);
    const { script, style, html } = await this.#page;
    if (path === '/') return end(response, 200, 'text/html; charset=utf-8', html);
    if (path === '/page.js') return end(response, 200, 'text/javascript; charset=utf-8', script);
    if (path === '/page.css') return end(response, 200, 'text/css; charset=utf-8', style);
    if (path === '/favicon.ico') return end(response, 204, 'text/plain', '');
    end(response, 404, 'text/plain', 'There is nothing here.');
  }

  async #post(path: string, request: IncomingMessage, response: ServerResponse, playground: Playground): Promise<void> {
    const { origin, host } = request.headers;
    const isJson = request.headers['content-type'] === 'application/json';
    if (!isJson || (origin !== undefined && origin !== `http://${host}`))
      return end(response, 403, 'text/plain', 'Not so.');
    const body: unknown = JSON.parse(await read(request));
    if (path === reportPath) {
      playground.hears(body as ServerReport);
      return end(response, 204, 'text/plain', '');
    }
    const answer = await playground.does(body as Wish);
    end(response, 200, 'application/json', JSON.stringify(answer));
  }

  #file(path: string, response: ServerResponse, playground: Playground): void {
    const file = playground.file(path);
    if (!file) return end(response, 404, 'text/plain', 'That file is gone.');
    const type = /\.png$/.test(file.filename) ? 'image/png' : file.contentType;
    end(response, 200, type, file.bytes);
  }
}

/** A page of another address may reach this port by a name of its own. */
function isOwn(host = ''): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > mostBytes) throw new Error('too much');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function end(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
