/** The custom ids of everything that can be pressed or chosen in a message's components. */
export function customIds(components: readonly object[]): string[] {
  return eachPart(components).flatMap(({ custom_id: id, disabled }) => (id !== undefined && !disabled ? [id] : []));
}

/** The members preselected in a message's user selects, by custom id. */
export function presetPeople(components: readonly object[]): Map<string, string> {
  return new Map(
    eachPart(components).flatMap(({ custom_id: id, default_values: [person] = [] }) =>
      id !== undefined && person ? [[id, person.id] as const] : [],
    ),
  );
}

/** All components of a message, nested ones included. */
function eachPart(components: readonly object[]): Nested[] {
  return (components as readonly Nested[]).flatMap((each) => {
    const { components: inner = [], accessory } = each;
    return [each, ...eachPart(accessory ? [...inner, accessory] : inner)];
  });
}

/** All text of a message that people read, one part a line. */
export function textOf({ content, components }: { readonly content: string; readonly components: readonly object[] }) {
  const inside = eachPart(components).flatMap((each) => each.content ?? []);
  return [content, ...inside].join('\n');
}

interface Nested {
  readonly content?: string;
  readonly custom_id?: string;
  readonly disabled?: boolean;
  readonly components?: readonly object[];
  readonly accessory?: object;
  readonly default_values?: readonly { readonly id: string }[];
}
