import type { Jellyfin } from '../../sandbox/jellyfin/index.js';

type Server = Pick<Jellyfin, 'url' | 'apiKey'>;

async function post(server: Server, path: string, authorization: string, body?: object): Promise<Response> {
  const headers = { authorization, 'content-type': 'application/json' };
  return fetch(`${server.url}${path}`, { method: 'POST', headers, ...(body && { body: JSON.stringify(body) }) });
}

/** Types a code on a device that is signed in, as a person does in their own Jellyfin; gives back the status. */
export async function confirms(server: Server, token: string, code: string): Promise<number> {
  return (await post(server, `/QuickConnect/Authorize?code=${code}`, `MediaBrowser Token="${token}"`)).status;
}

/** A new television that shows a code. */
export interface NewDevice {
  readonly code: string;
  /** The name of the account that it was let in as; undefined while it waits. */
  letInAs(): Promise<string | undefined>;
}

export async function newDevice(server: Server, name = 'a new television'): Promise<NewDevice> {
  const device = encodeURIComponent(name);
  const header = `MediaBrowser Client="TV", Device="${device}", DeviceId="${device}", Version="1"`;
  const begun = await post(server, '/QuickConnect/Initiate', header);
  const { Code: code, Secret: secret } = (await begun.json()) as { Code: string; Secret: string };
  return {
    code,
    letInAs: async () => {
      const answer = await post(server, '/Users/AuthenticateWithQuickConnect', header, { Secret: secret });
      if (answer.status !== 200) return undefined;
      return ((await answer.json()) as { User: { Name: string } }).User.Name;
    },
  };
}

/** Switches Quick Connect on or off, as an administrator does in the dashboard. */
export async function quickConnect(server: Server, isOn: boolean): Promise<void> {
  const body = { QuickConnectAvailable: isOn };
  await post(server, '/System/Configuration', `MediaBrowser Token="${server.apiKey}"`, body);
}

/** The bot's own devices that are signed in at this moment. */
export async function botsDevices(server: Server): Promise<string[]> {
  const headers = { authorization: `MediaBrowser Token="${server.apiKey}"` };
  const { Items } = (await (await fetch(`${server.url}/Devices`, { headers })).json()) as { Items: { Id: string }[] };
  return Items.map(({ Id }) => Id).filter((id) => id.startsWith('latchkey'));
}

/** The code that an answer of the bot shows. */
export function codeIn(text: string): string {
  const code = /`(\d{6})`/.exec(text)?.[1];
  if (code === undefined) throw new Error(`no code in: ${text}`);
  return code;
}
