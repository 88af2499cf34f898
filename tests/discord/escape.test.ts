import { afterEach, describe, expect, test } from 'vitest';
import { closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { createWords } from '../../src/words.js';
import { csvCell, escapeText, label } from '../../src/discord/escape.js';

afterEach(closeAll);

describe('words that Discord could misread', () => {
  const names = ['{{failed}}', '$t(states.pending)', '{{at}}', '{{- what}}', '$&', 'a {{b}} $t(c) d', '\uE0000\uE001'];

  test.each(names)('a value is never taken for a part of the sentence: %s', (name) => {
    const t = createWords('en').in('en');
    expect(t('unlock.done', { name, failed: 3 })).toMatch(`**${name}** is unlocked (3 wrong`);
    expect(t('buttons.unlockName', { name })).toBe(`Unlock ${name}`);
    const what = t('kinds.reset', { account: name });
    expect(t('account.open', { what, state: 'pending', at: 7 })).toBe(
      `Open request: new password for ${name}, waiting, asked <t:7:R>`,
    );
  });

  test('an account called like a sentence within a sentence is asked for and unlocked', async () => {
    const name = '$t(states.pending)';
    const bot = await startBot();
    bot.jellyfin.addUser(name, { password: 'x', limit: 3 });
    connect(bot, bot.maya, name);
    await bot.jellyfin.lock(name);
    expect((await (await bot.maya.types('/unlock')).answer()).text).toContain(name);
    const card = await bot.dad.sees(/asks to unlock/);
    expect(card.content.replaceAll('\\', '')).toContain(`asks to unlock ${name}.`);
    const own = await (await bot.maya.types('/status')).answer();
    expect(own.text.replaceAll('\\', '')).toContain(`Open request: unlock ${name}, waiting, asked <t:`);
    await (await bot.gran.types('/status')).answer();
    await bot.gran.presses(`Unlock ${name}`);
    const done = await bot.gran.sees(/is unlocked \(3 wrong/);
    expect(done.text.replaceAll('\\', '')).toContain(`**${name}** is unlocked`);
  });
});

describe('names and words that people typed', () => {
  /** What Discord's own markdown makes something of, wherever it stands or at the start of a line. */
  const special: Record<string, RegExp> = {
    bold: /\*/,
    underscore: /_/,
    strike: /~~/,
    spoiler: /\|\|/,
    code: /`/,
    brackets: /<[@#/:atid]|\[[^\]]*\]\(/,
    everyone: /@(everyone|here)/i,
    link: /[a-z]+:\/\//i,
    invitation: /discord\.gg\//,
    emoji: /:[^\s:]+:/,
    heading: /^\s*#{1,3}\s/m,
    subtext: /^\s*-#\s/m,
    quote: /^\s*>/m,
    list: /^\s*([-+*]|\d+[.)])\s/m,
  };

  const escaped = /\\[^0-9A-Za-z\s]/g;

  const hostile = [
    '@everyone',
    '@here',
    'x@everyone',
    '**x**',
    '*x*',
    '__x__',
    '_x_',
    '<@1>',
    '<@&1>',
    '<@!1>',
    '<#1>',
    '# x',
    '### x',
    '-# x',
    '> x',
    '>>> x',
    '- x',
    '+ x',
    '* x',
    '  - x',
    '1. x',
    '12) x',
    '[a](http://x)',
    'http://x',
    'https://x.example/y?z=1',
    '<http://x>',
    'steam://run',
    'discord.gg/abc',
    '<t:1:R>',
    '</unlock:1>',
    '<id:customize>',
    '<:a:1>',
    ':smile:',
    '`x`',
    '```x```',
    '||x||',
    '~~x~~',
    '\\',
    '\\\\',
    '\\*x*',
    '\\@everyone',
    '\\n',
    '¯\\_(ツ)_/¯',
    '😀'.repeat(64),
    '👨‍👩‍👧‍👦'.repeat(64),
    'עברית',
    'مهسا‌جان',
  ];

  // prettier-ignore

  describe('words in a place with markdown', () => {
  test.each(hostile)('show %j as it is, and nothing comes of it', (words) => {
    const text = escapeText(words);
    expect(text.replace(escaped, (pair) => pair.slice(1))).toBe(words);
    for (const place of [text, `Hello\n${text}`]) {
      const left = place.replace(escaped, '\u0001');
      const made = Object.keys(special).filter((name) => special[name]?.test(left));
      expect(made).toEqual([]);
    }
  });

  test('stay on one line, without control, bidi and invisible characters', () => {
    expect(escapeText('a\r\n# b\u2028> c\u0085d')).toBe('a # b \\> c d');
    expect(escapeText('\u202Etxt.exe\u2066\u200F\u061C')).toBe('txt.exe');
    expect(escapeText('@\u200Beveryone \u0000\u0007\u001B[31m')).toBe('\\@everyone \\[31m');
    expect(escapeText('\uFEFF# x')).toBe('\\# x');
    expect(escapeText('a\uD83Db')).toBe('a\uFFFDb');
  });

  test('keep ordinary names readable, also where backslashes show', () => {
    for (const name of ['Maya', "Mary-Ann O'Neil", 'ann@example.org', 'tv room #2', 'J. R.', 'and/or (1.5)']) {
      expect(escapeText(name)).toBe(name);
    }
  });
});

  describe('a label', () => {
    const family = '👨‍👩‍👧‍👦';

    test('is cut between whole emoji, within UTF-16 units', () => {
      const cut = label(family.repeat(64), 80);
      expect(cut).toBe(`${family.repeat(7)}…`);
      expect(label('😀'.repeat(64), 100)).toBe(`${'😀'.repeat(49)}…`);
      expect(label('🇩🇪'.repeat(30), 80).length).toBeLessThanOrEqual(80);
    });

    test('keeps what fits, to the last unit', () => {
      expect(label('x'.repeat(80))).toBe('x'.repeat(80));
      expect(label('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`);
    });

    test('cuts one endless character inside, but between code points', () => {
      const cut = label(`a${'\u0301'.repeat(500)}`, 20);
      expect(cut).toBe(`a${'\u0301'.repeat(18)}…`);
      expect(label(`😀${'\u{1F3FB}'.repeat(50)}`, 20)).toMatch(/^😀[\u{1F3FB}]*…$/u);
    });

    test.each(['', '   ', '\u200B', '\u3164', '\u2800', '\u200D\uFE0F', '\n'])('is never empty: %j', (words) => {
      expect(label(words)).toBe('?');
    });

    test('shows markdown as it is, on one line', () => {
      expect(label(' **a**\n@everyone  `b`\u202E ')).toBe('**a** @everyone `b`');
    });
  });

  describe('a CSV cell', () => {
    test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1', '\u200B=1', '＝1', '＋1', '－1', '＠SUM(A1)'])(
      '%j is not calculated',
      (words) => {
        expect(csvCell(words)).toMatch(/^"?'/);
      },
    );

    test('is quoted where it would fall apart', () => {
      expect(csvCell('a,b')).toBe('"a,b"');
      expect(csvCell('a;b')).toBe('"a;b"');
      expect(csvCell('say "hi"')).toBe('"say ""hi"""');
      expect(csvCell('=HYPERLINK("http://x","y")')).toBe('"\'=HYPERLINK(""http://x"",""y"")"');
      expect(csvCell('two\r\nlines')).toBe('two lines');
      expect(csvCell(' a')).toBe('" a"');
      expect(csvCell('Maya')).toBe('Maya');
    });
  });
});
