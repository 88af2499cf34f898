import { XMLParser } from 'fast-xml-parser';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { withoutEndSlashes } from '../settings-text.js';
import type { Machine } from '../services/rescue/ladder/repair-port.js';
import { readAsChooser } from '../small-file.js';
import { configFolders } from './packages.js';

const port = v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))), undefined);
const flag = v.fallback(v.optional(v.boolean()), undefined);
const texts = v.object({ string: v.optional(v.union([v.string(), v.array(v.string())])) });
const network = v.object({
  NetworkConfiguration: v.object({
    InternalHttpPort: port,
    // 10.8 and earlier wrote the ports under these names.
    HttpServerPortNumber: port,
    InternalHttpsPort: port,
    HttpsPortNumber: port,
    EnableHttps: flag,
    RequireHttps: flag,
    EnableIPv4: flag,
    EnableIPv6: flag,
    LocalNetworkAddresses: v.fallback(v.optional(texts), undefined),
    // Jellyfin's own has no other letters, and what is here is shown to root.
    BaseUrl: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^[\w.~%/-]{0,200}$/))), undefined),
  }),
});
type Network = v.InferOutput<typeof network>['NetworkConfiguration'];

const usualPort = 8096;
const usualHttpsPort = 8920;

/**
 * Every address at which the server may listen on its own machine, by its own `network.xml`, the likeliest first; without
 * one `address`, or the usual port.
 */
export function internalAddresses(serverDir: string | undefined, { address }: Machine = {}): string[] {
  const folders = [
    ...(serverDir === undefined ? [] : configFolders(serverDir)),
    ...(address === undefined ? ['/etc/jellyfin'] : []),
  ];
  for (const folder of folders) {
    const found = read(join(folder, 'network.xml'));
    if (found) return addressesOf(found);
  }
  return [address ?? `http://127.0.0.1:${usualPort}`];
}

function addressesOf(found: Network): string[] {
  const base = withoutEndSlashes(found.BaseUrl ?? '').replace(/^\/+/, '');
  const http = found.InternalHttpPort ?? found.HttpServerPortNumber ?? usualPort;
  const https = found.InternalHttpsPort ?? found.HttpsPortNumber ?? usualHttpsPort;
  return hostsOf(found).flatMap((host) => {
    const at = (scheme: string, number: number) => `${scheme}://${host}:${number}${base === '' ? '' : `/${base}`}`;
    const both = [at('http', http), ...(found.EnableHttps ? [at('https', https)] : [])];
    // Then everybody who comes by http is sent on.
    return found.RequireHttps ? both.reverse() : both;
  });
}

/**
 * Those it is bound to, and in any case this machine's own: Jellyfin listens everywhere when it knows none that it is bound to.
 * What is another machine's comes last: nobody sends a key there because a file says so.
 */
function hostsOf({ LocalNetworkAddresses: bound, EnableIPv4: v4 = true, EnableIPv6: v6 = false }: Network): string[] {
  const listed = [bound?.string ?? []].flat().flatMap((entry) => hosts(entry));
  const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const ours = new Set([
    loopback,
    loopbackV6,
    ...interfaces.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
  ]);
  const all = [...listed, ...(v4 ? [loopback] : []), ...(v6 || !v4 ? [loopbackV6] : [])];
  return [...new Set([...all.filter((host) => ours.has(host)), ...all])];
}

const loopback = '127.0.0.1';
const loopbackV6 = '[::1]';

/** An entry is an address, perhaps with the length of its network, or the name of an interface. */
function hosts(entry: string): string[] {
  const [address = ''] = entry.split('/');
  if (address === '0.0.0.0') return [loopback];
  if (address === '::') return [loopbackV6, loopback];
  if (isIP(address) === 4) return [address];
  // One that counts on one interface only cannot be written in an address.
  if (isIP(address) === 6) return /^fe80/i.test(address) ? [] : [`[${address}]`];
  const cards = networkInterfaces();
  // Every object has a `constructor`, which is no card's name.
  return Object.hasOwn(cards, address) ? (cards[address] ?? []).flatMap((each) => hosts(each.address)) : [];
}

function read(file: string): Network | undefined {
  try {
    const parser = new XMLParser({ processEntities: false });
    return v.parse(network, parser.parse(readAsChooser(file).text)).NetworkConfiguration;
  } catch {
    return undefined; // not there, not ours to read, or nothing of Jellyfin's: the next place, or the default
  }
}
