import type { Discord, SeenMessage } from '../discord/index.js';
import type { Paint } from './colours.js';

/** Turns what Discord's markdown says into what it looks like: names for mentions, "in 14 minutes" for timestamps. */
export function asPeopleSee(discord: Discord, paint: Paint): (message: SeenMessage) => string[] {
  const { world } = discord;
  const roleName = (id: string) => Object.entries(discord.roles).find(([, roleId]) => roleId === id)?.[0] ?? 'role';

  function line(text: string): string {
    const heading = /^#{1,3} /.test(text);
    const shown = text
      .replace(/^(-# |#{1,3} )/, '')
      .replace(/<@&(\d+)>/g, (_all, id: string) => paint.name(`@${roleName(id)}`))
      .replace(/<@!?(\d+)>/g, (_all, id: string) => paint.name(`@${world.users.get(id)?.username ?? 'somebody'}`))
      .replace(/<\/([\w-]+):\d+>/g, (_all, name: string) => paint.name(`/${name}`))
      .replace(/<t:(\d+):([A-Za-z])>/g, (_all, at: string, style: string) => moment(Number(at) * 1000, style))
      .replace(/<(https?:[^>\s]+)>/g, '$1')
      .replace(
        /\|\|`?([^`|]+)`?\|\|/g,
        (_all, words: string) => `${paint.secret(words)} ${paint.dim('(hidden until tapped)')}`,
      )
      .replace(/`([^`]+)`/g, '$1')
      .replace(/\*\*(.+?)\*\*/g, (_all, words: string) => eachWord(words, paint.bold))
      .replace(/(?<!\\)\*(.+?)\*/g, (_all, words: string) => `“${words}”`)
      .replace(/\\([\\*_~`|<>[\]:@#+./-])/g, '$1');
    return heading ? eachWord(shown, paint.bold) : shown;
  }

  return (message) => {
    const isNotice = message.content !== '';
    const lines = message.lines.filter((each) => each !== '(only you can see this)');
    return lines.map((each) => {
      const bare = each.replace(/^(│ )+/, '');
      if (isControls(bare)) return paint.bold(controls(bare));
      return isNotice && bare !== each ? `${paint.dim('│')} ${line(bare)}` : line(bare);
    });
  };
}

/** Word by word, so that a line broken inside is painted on both sides of the break and nowhere else. */
function eachWord(words: string, paint: (text: string) => string): string {
  return words.split(' ').map(paint).join(' ');
}

function isControls(line: string): boolean {
  return /^[[{].*[\]}]$/.test(line);
}

function controls(line: string): string {
  return line.replace(/ -> [^\]]+/g, ' ↗').replace(/\[([^\]]+)\]/g, '[ $1 ]');
}

const day = { dateStyle: 'long' } as const;
const timeOfDay = { timeStyle: 'short' } as const;

const steps = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function moment(at: number, style: string): string {
  const looks = style === 't' ? timeOfDay : style === 'f' ? { ...day, ...timeOfDay } : day;
  if (style !== 'R') return new Intl.DateTimeFormat('en', looks).format(at);
  const away = at - Date.now();
  for (const [unit, ms] of steps) {
    if (Math.abs(away) >= ms * 0.9) {
      return new Intl.RelativeTimeFormat('en').format(Math.round(away / ms), unit);
    }
  }
  return away > 0 ? 'in a moment' : 'just now';
}
