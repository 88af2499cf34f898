import { request as plain } from 'node:http';
import { internalAddresses } from './network-xml.js';
import type { Sign, WhereToLook } from './sign.js';

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

/** The status; `nobody` where the connection is refused; otherwise the system's word for why there is no answer. Throws where that is no address. */
export async function knock(address: string, headers: Readonly<Record<string, string>> = {}): Promise<number | string> {
  // Loaded where it is needed: most servers are asked on this machine, and a process that lives for one repair starts sooner without.
  const send = address.startsWith('https:') ? (await import('node:https')).request : plain;
  return new Promise((resolve) => {
    // A socket of its own, closed at the end, and a certificate that may be anything: only whether somebody is there counts.
    const signal = AbortSignal.timeout(patienceMs);
    const request = send(address, { agent: false, rejectUnauthorized: false, signal, headers });
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
