import { expect, test } from '@jest/globals';
import { RescueSentences } from '../../src/commands/rescue/rescue-sentences.js';
import type { Question } from '../../src/services/rescue/ladder/rescue-ui-port.js';
import type { RescueOptions } from '../../src/services/rescue/ladder/plan.js';
import type { RepairEnd } from '../../src/services/rescue/ladder/repair-port.js';
import { Rescue } from '../../src/services/rescue/ladder/rescue.js';
import { createWords } from '../../src/words.js';
import { done, refused, rescuePorts, yesTo } from './ladder-ports.js';

const sentences = new RescueSentences(createWords('en').in('en'), (words) => words);
const stillStopped = '**Jellyfin is still stopped.** Go on with another run, or start it with: start it';

interface Run {
  readonly options: RescueOptions;
  readonly ends: readonly RepairEnd[];
  readonly yes: readonly Question[];
}

async function lastWords({ options, ends, yes }: Run): Promise<string[]> {
  const { ports } = rescuePorts({ ends, location: { canStop: false } });
  const rescue = new Rescue(ports);
  const plan = await rescue.look({ name: 'alcie' }, options);
  return sentences.end(await rescue.run(plan, yesTo(...yes).ui, options), 'start it');
}

const stopped: RescueOptions = { rung: 'db', serverIsStopped: true };
const unknown = refused('fileAccountUnknown', { name: 'alcie', known: 'alice' });
const wrote = { ...done, changed: true };

test.each<[string, Run]>([
  ['failed', { options: stopped, ends: [unknown], yes: ['plan'] }],
  ['was a dry run', { options: { ...stopped, dryRun: true }, ends: [{ ...done, changed: false }], yes: [] }],
  [
    'failed once they had stopped it when asked to',
    {
      options: { rung: 'db', byHand: true },
      ends: [refused('needsStop', { signs: 'http', where: '' }), unknown],
      yes: ['plan', 'stopByHand'],
    },
  ],
])('whoever has stopped the server is told that it stands still when the rescue %s', async (_, run) => {
  expect(await lastWords(run)).toContain(stillStopped);
});

test('where nobody has looked, that is left open', async () => {
  expect(await lastWords({ options: stopped, ends: [], yes: [] })).toContain(
    'If Jellyfin is still stopped, go on with another run, or start it with: start it',
  );
});

test.each<[string, Run]>([
  [
    'a server that was seen to run',
    { options: stopped, ends: [refused('serverRunning', { signs: 'http', where: '' })], yes: ['plan'] },
  ],
  ['one that they start when all is well', { options: stopped, ends: [wrote], yes: ['plan'] }],
  ['one that nobody has stopped', { options: { rung: 'db', byHand: true }, ends: [unknown], yes: ['plan'] }],
])('nobody is told so of %s', async (_, run) => {
  expect((await lastWords(run)).join('\n')).not.toContain('still stopped');
});

test('whoever has stopped it for this rescue is not told to start it before its file is opened', async () => {
  const so = { startedAt: 0, stoppedByUs: true, mayBeChanged: true, atWork: false } as const;
  const { ports } = rescuePorts({ unfinished: { db: '/db', account: { name: 'alice' }, startCommand: ['go'], ...so } });
  const plan = await new Rescue(ports).look({ name: 'alice' }, stopped);
  expect(sentences.plan(plan, stopped).join('\n')).not.toContain('start it');
  expect(sentences.plan(plan).join('\n')).toContain('start it with: go');
});
