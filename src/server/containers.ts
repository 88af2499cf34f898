import * as v from 'valibot';
import { outputOf } from './run-command.js';

/** A container in which a Jellyfin runs, or would. */
interface Container {
  readonly name: string;
  /** What it has as /config, as this computer calls it. */
  readonly folder: string;
}

const inspected = v.array(
  v.object({
    Name: v.pipe(v.string(), v.regex(/^\/[\w.-]+$/)),
    Config: v.object({ Image: v.string() }),
    Mounts: v.array(v.object({ Source: v.fallback(v.string(), ''), Destination: v.string() })),
  }),
);

/** The containers made of an image with Jellyfin's name; none where there is no Docker, or it does not let us ask. */
export async function jellyfinContainers(docker = 'docker'): Promise<Container[]> {
  const ask = (...args: readonly string[]) => outputOf(docker, args);
  try {
    const ids = (await ask('ps', '--all', '--quiet', '--no-trunc')).split(/\s+/).filter((id) => id !== '');
    const found = v.parse(inspected, JSON.parse(await ask('inspect', '--type', 'container', ...ids)));
    return found.flatMap(({ Name: name, Config: { Image: image }, Mounts: mounts }) => {
      const folder = /jellyfin/i.test(image) && mounts.find(({ Destination: at }) => at === '/config')?.Source;
      return folder ? [{ name: name.slice(1), folder }] : [];
    });
  } catch {
    // Without Docker there is none; what Docker does not tell is nothing that could be offered.
    return [];
  }
}
