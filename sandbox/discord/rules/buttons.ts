import { isObject } from '../json.js';
import { anything, choice, integer, nullable, shape, snowflake, text, truth, url, type Rule } from './check.js';

const LINK = 5;
const PREMIUM = 6;

/** The emoji of a button or of a select's option. */
export const emoji = nullable(
  shape({ id: nullable(snowflake), name: nullable(text({ min: 1, max: 64 })), animated: nullable(truth) }),
);

const fields = shape(
  {
    type: anything,
    id: nullable(integer(0, 2 ** 31 - 1)),
    style: choice(1, 2, 3, 4, LINK, PREMIUM),
    custom_id: nullable(text({ min: 1, max: 100 })),
    label: nullable(text({ max: 80 })),
    url: nullable((value, path, problems) => {
      text({ max: 512 })(value, path, problems);
      url(value, path, problems);
    }),
    disabled: nullable(truth),
    sku_id: nullable(snowflake),
    emoji,
  },
  ['style'],
);

/** A button: a custom id, or a link, or a sku, as its style says, and something to be read on it. */
export const button: Rule = (value, path, problems) => {
  fields(value, path, problems);
  if (!isObject(value)) return;
  const style = value['style'];
  const needed = style === LINK ? 'url' : style === PREMIUM ? 'sku_id' : 'custom_id';
  if (value[needed] === undefined || value[needed] === null) {
    problems.add([...path, needed], 'BASE_TYPE_REQUIRED', `A ${needed} is required`);
  }
  for (const other of ['url', 'sku_id', 'custom_id']) {
    if (other === needed || value[other] === undefined || value[other] === null) continue;
    if (other === 'custom_id')
      problems.add(path, 'COMPONENT_INVALID_CUSTOM_ID', `A button of style ${String(style)} cannot have a custom_id`);
    else
      problems.add(
        [...path, other],
        'COMPONENT_FIELD_NOT_ALLOWED',
        `A button of style ${String(style)} cannot have a ${other}`,
      );
  }
  if (style !== PREMIUM && !value['label'] && !value['emoji']) {
    problems.add(path, 'BUTTON_COMPONENT_EMPTY', 'A button must have a label or an emoji');
  }
};
