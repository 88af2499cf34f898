import english from '../../src/locales/en.json' with { type: 'json' };
import operators from '../../src/locales/operators/en.json' with { type: 'json' };
import { colours, type MessageBody } from '../../src/discord/parts.js';
import { createWords, type Sentences } from '../../src/words.js';

type Tree = { readonly [key: string]: string | Tree };

/** Each sentence is its own name, with what is put into it: which one is said is to be seen, however it is worded. */
const keyed = (tree: Tree, prefix = ''): Sentences =>
  Object.fromEntries(
    Object.entries(tree).map(([key, value]) => {
      const path = `${prefix}${key}`;
      if (typeof value !== 'string') return [key, keyed(value, `${path}.`)];
      const params = [...new Set([...value.matchAll(/\{\{(\w+)/g)].map(([, name]) => ` {{${name}}}`))];
      return [key, `${path.replace(/_(zero|one|other)$/, '')}${params.join('')}`];
    }),
  );

/** Words that say the names of the sentences. */
export const inKeys = createWords('xx', { languages: { xx: keyed({ ...english, ...operators }) } });

interface Component {
  readonly type: number;
  readonly content?: string;
  readonly components?: readonly Component[];
  readonly custom_id?: string;
  readonly url?: string;
  readonly label?: string;
  readonly placeholder?: string;
  readonly accent_color?: number;
  readonly style?: number;
  readonly disabled?: boolean;
  readonly min_values?: number;
  readonly default_values?: readonly { readonly id: string }[];
  readonly options?: readonly { readonly label: string; readonly value: string }[];
}

const styles = ['', 'primary', 'secondary', 'success', 'danger', 'link'];

/** A message as it is seen: its colour, what it says, and under it what can be pressed, a row in a line. */
export function shown(body: MessageBody | undefined): string {
  if (!body) return 'nothing';
  const [embed] = body.embeds ?? [];
  const details = [
    ...colourOf(embed?.color),
    ...(embed?.title === undefined ? [] : [`# ${embed.title}`]),
    ...(embed?.description?.split('\n') ?? []),
    ...(embed?.fields ?? []).flatMap(({ name, value }) => [
      `${name}:`,
      ...value.split('\n').map((each) => `  ${each}`),
    ]),
  ].map((each) => `| ${each}`);
  const content = body.content === undefined || body.content === null || body.content === '' ? [] : [body.content];
  return [...content, ...details, ...(body.components ?? []).flatMap((each) => part(each as Component))].join('\n');
}

/** By its name, as the colours are called in the code. */
const colourOf = (colour: number | undefined) =>
  Object.entries(colours).flatMap(([name, each]) => (each === colour ? [`(${name})`] : []));

function part({ type, content, components = [], accent_color: colour }: Component): string[] {
  if (content !== undefined) return content.split('\n');
  if (type !== 1) return components.length > 0 ? [...colourOf(colour), ...components.flatMap(part)] : ['---'];
  return [components.map(control).join(' ')];
}

function control(given: Component): string {
  const { custom_id: id, url, label, placeholder, style, disabled, options, default_values: [preset] = [] } = given;
  if (options) return `[${id} ${placeholder}: ${options.map((each) => `${each.label}=${each.value}`).join(', ')}]`;
  if (placeholder !== undefined)
    return `[${id} ${placeholder}:${preset ? ` ${preset.id}` : ''}${given.min_values === 0 ? ' or nobody' : ''}]`;
  return `[${id ?? url} ${label} ${styles[style ?? 0]}${disabled === true ? ' off' : ''}]`;
}

/** Each on its own, under what is different about it. */
export const each = <T>(cases: Readonly<Record<string, T>>, show: (of: T) => string): string =>
  Object.entries(cases)
    .map(([name, of]) => `-- ${name}\n${show(of)}`)
    .join('\n\n');
