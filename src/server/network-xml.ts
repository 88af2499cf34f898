import { XMLParser } from 'fast-xml-parser';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Machine } from '../services/rescue/ladder/repair-port.js';

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
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined; // not there, or not ours to read: the next place, or the default
  }
  try {
    const parsed = v.safeParse(network, new XMLParser().parse(text));
    return parsed.success ? parsed.output.NetworkConfiguration : undefined;
  } catch {
    return undefined;
  }
}
