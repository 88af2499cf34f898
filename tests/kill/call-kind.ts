/** What a call is, without the numbers that differ from run to run. */
export interface CallKind {
  readonly end: 'discord' | 'jellyfin';
  readonly method: string;
  /** The path with words in the place of ids, such as `/channels/admins/messages/*`. */
  readonly what: string;
}

/** Reduces paths to what they are; `names` are words for the ids of places, such as the admin channel. */
export function callKinds(names: Readonly<Record<string, string>>) {
  return (end: CallKind['end'], method: string, path: string): CallKind => {
    const what = path
      .replace(/\?.*$/, '')
      .replace(/^\/api\/v10/, '')
      .replace(/\b[0-9a-f]{32}\b/g, '*')
      .replace(/\/[\w-]{60,}/g, '/*')
      .replace(/\b\d{15,20}\b/g, (id) => names[id] ?? '*');
    return { end, method, what };
  };
}

export function sameKind(one: CallKind, other: CallKind): boolean {
  return one.end === other.end && one.method === other.method && one.what === other.what;
}
