import { COMPONENT } from '../constants.js';
import { asObjects, asText, isObject, type Json, type JsonObject } from '../json.js';
import {
  anything,
  choice,
  integer,
  lengthOf,
  list,
  nullable,
  shape,
  text,
  truth,
  url,
  type Path,
  type Problems,
  type Rule,
} from './check.js';
import { button } from './buttons.js';
import { selects } from './selects.js';

const id = nullable(integer(0, 2 ** 31 - 1));
const media = shape(
  { url, proxy_url: anything, width: anything, height: anything, content_type: anything, id: anything },
  ['url'],
);
const description = nullable(text({ min: 1, max: 1024 }));

const textDisplay = shape({ type: anything, id, content: text({ min: 1, max: 4000 }) }, ['content']);
const thumbnail = shape({ type: anything, id, media, description, spoiler: nullable(truth) }, ['media']);
const file = shape({ type: anything, id, file: media, spoiler: nullable(truth), name: anything, size: anything }, [
  'file',
]);
const separator = shape({ type: anything, id, spacing: nullable(choice(1, 2)), divider: nullable(truth) });
const gallery = shape(
  {
    type: anything,
    id,
    items: list(shape({ media, description, spoiler: nullable(truth) }, ['media']), { min: 1, max: 10 }),
  },
  ['items'],
);
const section = shape(
  {
    type: anything,
    id,
    components: list(oneOf({ [COMPONENT.TextDisplay]: textDisplay }), { min: 1, max: 3 }),
    accessory: oneOf({ [COMPONENT.Button]: button, [COMPONENT.Thumbnail]: thumbnail }),
  },
  ['components', 'accessory'],
);

const rowMembers = shape(
  { type: anything, id, components: list(oneOf({ [COMPONENT.Button]: button, ...selects }), { min: 1, max: 5 }) },
  ['components'],
);

/** A row holds up to five buttons, or one select and nothing else. */
const actionRow: Rule = (value, path, problems) => {
  rowMembers(value, path, problems);
  const members = isObject(value) ? asObjects(value['components']) : [];
  if (members.length > 1 && members.some((member) => member['type'] !== COMPONENT.Button)) {
    problems.add(
      [...path, 'components'],
      'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
      'The specified component exceeds the maximum width',
    );
  }
};

const inContainer = {
  [COMPONENT.ActionRow]: actionRow,
  [COMPONENT.TextDisplay]: textDisplay,
  [COMPONENT.Section]: section,
  [COMPONENT.MediaGallery]: gallery,
  [COMPONENT.Separator]: separator,
  [COMPONENT.File]: file,
};
const container = shape(
  {
    type: anything,
    id,
    accent_color: nullable(integer(0, 0xffffff)),
    spoiler: nullable(truth),
    components: list(oneOf(inContainer), { min: 1, max: 40 }),
  },
  ['components'],
);

const topLevelV2 = oneOf({ ...inContainer, [COMPONENT.Container]: container });
const topLevelLegacy = oneOf({ [COMPONENT.ActionRow]: actionRow });

/** The rule of the type that a component says it has; any other type is refused. */
export function oneOf(rules: Record<number, Rule>): Rule {
  return (value, path, problems) => {
    const type = isObject(value) ? value['type'] : undefined;
    const rule = typeof type === 'number' ? rules[type] : undefined;
    if (rule) rule(value, path, problems);
    else
      problems.add(
        [...path, 'type'],
        'UNION_TYPE_CHOICES',
        `Value of field "type" must be one of (${Object.keys(rules).join(', ')}).`,
      );
  };
}

/** Components of a message: five rows, or with the V2 flag 40 of all kinds with at most 4,000 characters of text. */
export function messageComponents(v2: boolean): Rule {
  return (value, path, problems) => {
    if (!v2) list(topLevelLegacy, { max: 5 })(value, path, problems);
    else {
      list(topLevelV2, { max: 40 })(value, path, problems);
      const all = everyComponent(value);
      if (all.length > 40) {
        problems.add(
          path,
          'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
          `The total number of components cannot exceed 40, received ${all.length}`,
        );
      }
      const characters = all.reduce(
        (sum, each) => sum + (each['type'] === COMPONENT.TextDisplay ? lengthOf(asText(each['content']) ?? '') : 0),
        0,
      );
      if (characters > 4000) {
        problems.add(
          path,
          'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
          `The total displayable text size cannot exceed 4000, received ${characters}`,
        );
      }
    }
    noTwins(value, path, problems);
  };
}

/** No two components of one message or modal may share a custom id or a number. */
export function noTwins(value: Json | undefined, path: Path, problems: Problems): void {
  for (const [field, code, words] of [
    ['custom_id', 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated'],
    ['id', 'COMPONENT_ID_DUPLICATED', 'Component id cannot be duplicated'],
  ] as const) {
    const seen = new Set<Json>();
    for (const component of everyComponent(value)) {
      const own = component[field];
      if (own === undefined || own === null || own === 0) continue;
      if (seen.has(own)) problems.add(path, code, words);
      seen.add(own);
    }
  }
}

/** All components of a body that came in, nested ones included. */
function everyComponent(value: Json | undefined): JsonObject[] {
  return asObjects(value).flatMap((component) => [
    component,
    ...everyComponent(component['components']),
    ...everyComponent([component['component'] ?? null, component['accessory'] ?? null]),
  ]);
}
