import { expect, test } from 'vitest';
import { historyLine } from '../../src/commands/history/history-lines.js';
import type { HistoryEntry } from '../../src/services/history/history.js';
import { createWords } from '../../src/words.js';

const [dad, maya] = ['100000000000000001', '100000000000000002'];
const t = createWords('en').in('en');

const line = (entry: Partial<HistoryEntry>) =>
  historyLine(t, { id: 1, at: 1_800_000_000_000, actorId: dad, act: 'unlock', outcome: 'done', ...entry });

test.each<[Partial<HistoryEntry>, string]>([
  [{}, `<@${dad}>: unlock · done`],
  [{ accountName: 'maya', memberId: maya }, `<@${dad}>: unlock · **maya** · <@${maya}> · done`],
  // Who did it for themselves is named once.
  [{ accountName: 'maya', memberId: dad }, `<@${dad}>: unlock · **maya** · done`],
  // What was only asked for ends with a line of its own.
  [{ act: 'ask unlock', outcome: 'asked' }, `<@${dad}>: asked for an unlock`],
  [{ act: 'refused', times: 2 }, `<@${dad}>: was refused 2 more times · done`],
  [{ act: 'refused' }, `<@${dad}>: was refused once more · done`],
  // A code gives way to a newer one, a temporary password to its owner's own.
  [{ act: 'prove', outcome: 'replaced' }, `<@${dad}>: proof of an account · a newer one took its place`],
  [{ act: 'temporary password', outcome: 'replaced' }, `<@${dad}>: temporary password · another password set`],
  [{ act: 'prove', outcome: 'linked' }, `<@${dad}>: proof of an account · linked`],
  [{ act: 'resetpw now', outcome: 'notAllowed' }, `<@${dad}>: tried \`/resetpw\` · no: not allowed`],
  [{ act: 'account link' }, `<@${dad}>: tried _Jellyfin account_ · done`],
  [{ act: 'Jellyfin account' }, `<@${dad}>: tried _Jellyfin account_ · done`],
  [{ act: 'of a later version' }, `<@${dad}>: something else · done`],
  [{ outcome: 'jellyfinTimeout' }, `<@${dad}>: unlock · no: Jellyfin’s trouble`],
  [{ outcome: 'failed ab12' }, `<@${dad}>: unlock · went wrong (\`ab12\`)`],
  [{ outcome: 'pinExpired' }, `<@${dad}>: unlock · did not work`],
  [{ outcome: 'of a later version' }, `<@${dad}>: unlock · ended in another way`],
])('a line of the history: %j', (entry, said) => {
  expect(line(entry)).toBe(`<t:1800000000:f> ${said.replace('’', "'")}`);
});
