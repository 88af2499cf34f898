import { XMLParser } from 'fast-xml-parser';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Machine } from '../services/rescue/ladder/repair-port.js';
import { readSmallFile } from '../small-file.js';
import { request as plain } from 'node:http';
import type { Sign, WhereToLook } from './sign.js';

const port = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)));
const network = v.object({
  NetworkConfiguration: v.object({
    InternalHttpPort: v.fallback(port, undefined),
    // 10.8 and earlier wrote the port under this name.
    HttpServerPortNumber: v.fallback(port, undefined),
    BaseUrl: v.fallback(v.optional(v.string()), undefined),
  }),
});

const usualPort = 8096;

/** Where the server listens on this machine, by its own `network.xml`; otherwise `address`, or the usual port. */
export function internalAddresses(serverDir: string | undefined, { address }: Machine = {}): string[] {
  const candidates = [
    // The last one is linuxserver's (docs/jellyfin.md, "The server's folder").
    ...(serverDir === undefined ? [] : ['config', '.', '..'].map((folder) => join(serverDir, folder, 'network.xml'))),
    ...(address === undefined ? ['/etc/jellyfin/network.xml'] : []),
  ];
  for (const file of candidates) {
    const found = read(file);
    if (found) {
      const base = (found.BaseUrl ?? '').replace(/^\/+|\/+$/g, '');
      const at = found.InternalHttpPort ?? found.HttpServerPortNumber ?? usualPort;
      return [`http://127.0.0.1:${at}${base === '' ? '' : `/${base}`}`];
    }
  }
  return [address ?? `http://127.0.0.1:${usualPort}`];
}

function read(file: string): v.InferOutput<typeof network>['NetworkConfiguration'] | undefined {
  try {
    const parser = new XMLParser({ processEntities: false });
    const parsed = v.safeParse(network, parser.parse(readSmallFile(file).text));
    return parsed.success ? parsed.output.NetworkConfiguration : undefined;
  } catch {
    return undefined; // not there, not ours to read, or nothing of Jellyfin's: the next place, or the default
  }
}

const patienceMs = 5000;

/** Whether anybody answers where the server would: at its public address and at its own port on this machine. */
export async function lookAtHttp({ url, serverDir, machine }: WhereToLook): Promise<Sign[]> {
  const addresses = new Set([
    ...(url === undefined ? [] : [url.replace(/\/+$/, '')]),
    ...internalAddresses(serverDir, machine),
  ]);
  const looks = [...addresses].map(async (address): Promise<Sign[]> => {
    const answer = await knock(`${address}/System/Info/Public`).catch(() => 'not an address');
    if (answer === 'nobody') return [];
    const params = { url: address, why: String(answer) };
    // A proxy that gets no answer itself says nothing about the server; whatever else answers may be one.
    const isServer = typeof answer === 'number' && answer !== 502 && answer !== 504;
    return [{ sign: 'http', seen: isServer ? 'running' : 'unseen', params }];
  });
  return (await Promise.all(looks)).flat();
}

/** The status; `nobody` where the connection is refused; otherwise the system's error code. Throws for what is no address. */
export async function knock(address: string, headers: Readonly<Record<string, string>> = {}): Promise<number | string> {
  // Loaded where it is needed: most servers are asked on this machine, and a process that lives for one repair starts sooner without.
  const send = address.startsWith('https:') ? (await import('node:https')).request : plain;
  return new Promise((resolve) => {
    // A socket of its own, closed at the end. Where only it counts whether somebody is there, the certificate may be anything.
    const signal = AbortSignal.timeout(patienceMs);
    const rejectUnauthorized = Object.keys(headers).length > 0;
    const request = send(address, { agent: false, rejectUnauthorized, signal, headers });
    request.once('response', (response) => {
      response.destroy(); // it may have no end
      resolve(response.statusCode ?? 0);
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      resolve(whyNoAnswer(error));
    });
    request.end();
  });
}

/** A name may have several addresses, and the error of them all the code of the first: nobody is there when each refuses. */
export function whyNoAnswer(error: NodeJS.ErrnoException): string {
  const each = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [error];
  const code = each.map((one) => one.code ?? one.name).find((one) => one !== 'ECONNREFUSED');
  return code === undefined ? 'nobody' : code === 'ABORT_ERR' ? 'timeout' : code;
}

/** Whether the server at this address takes this API key; no, too, where nobody answers or no address is known. */
export async function takesKey(url: string | undefined, key: string): Promise<boolean> {
  if (url === undefined) return false;
  const headers = { authorization: `MediaBrowser Token="${key}"` };
  return (await knock(`${url.replace(/\/+$/, '')}/System/Info`, headers).catch(() => 'not an address')) === 200;
}
