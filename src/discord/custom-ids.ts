/** The parts of a custom id: `command:action:id[:page]`. */
export interface CustomId {
  readonly command: string;
  readonly action: string;
  readonly id: string;
  readonly page: number;
}

/** Takes a custom id apart; undefined for one that this bot did not make. */
export function parseCustomId(customId: string): CustomId | undefined {
  const match = /^([a-z-]+):([a-z-]+):([^:]*)(?::(\d{1,9}))?$/.exec(customId);
  if (!match) return undefined;
  const [, command = '', action = '', id = '', page = '0'] = match;
  return { command, action, id, page: Number(page) };
}

/** The custom ids of everything that can be pressed or chosen in a message's components, nested ones included. */
export function customIds(components: readonly object[]): string[] {
  return components.flatMap((component) => {
    const { custom_id: id, disabled, components: inner, accessory } = component as Partial<Nested>;
    const below = [...(inner ?? []), ...(accessory ? [accessory] : [])];
    return [...(id !== undefined && disabled !== true ? [id] : []), ...customIds(below)];
  });
}

/** Who stands in the selects of people among a message's components, by custom id. */
export function presetPeople(components: readonly object[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const component of components) {
    const { custom_id: id, default_values: people, components: inner } = component as Partial<Nested>;
    const [first] = people ?? [];
    if (id !== undefined && first) found.set(id, first.id);
    for (const [each, person] of presetPeople(inner ?? [])) found.set(each, person);
  }
  return found;
}

interface Nested {
  readonly custom_id: string;
  readonly disabled: boolean;
  readonly components: readonly object[];
  readonly accessory: object;
  readonly default_values: readonly { readonly id: string }[];
}
