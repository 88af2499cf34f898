import type { Params } from '../../errors.js';
import type { Key, Translate } from '../../words.js';

type Area = 'machine' | 'settings' | 'discord' | 'jellyfin' | 'rescue' | 'database';

/** One thing that was looked at; a `note` is worth knowing, and nothing is wrong with it. */
export interface Finding {
  readonly area: Area;
  /** For scripts: stays the same in every language. */
  readonly code: string;
  readonly state: 'ok' | 'fault' | 'note';
  /** One line: what, and what to do where something is to be done. */
  readonly text: string;
}

type CodeIn<K> = K extends `doctor.found.${infer Code}` ? Code : never;
type Code = CodeIn<Key>;

/** Makes the findings of one area. */
export function findingsIn(area: Area, t: Translate) {
  const make = (state: Finding['state']) => (code: Code, params?: Params) => ({
    ...{ area, code, state },
    text: t(`doctor.found.${code}`, params),
  });
  return {
    ok: make('ok'),
    fault: make('fault'),
    note: make('note'),
    /** In the words of whoever found it. */
    said: (code: string, text: string): Finding => ({ area, code, state: 'fault', text }),
  };
}
