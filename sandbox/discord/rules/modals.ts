import { COMPONENT } from '../constants.js';
import { isObject, type JsonObject } from '../json.js';
import { anything, choice, integer, list, nullable, shape, text, truth, type Rule } from './check.js';
import { noTwins, oneOf } from './components.js';
import { selects } from './selects.js';

const id = nullable(integer(0, 2 ** 31 - 1));

const inputFields = {
  type: anything,
  id,
  custom_id: text({ min: 1, max: 100 }),
  style: choice(1, 2),
  value: nullable(text({ max: 4000 })),
  placeholder: nullable(text({ max: 100 })),
  required: nullable(truth),
  min_length: nullable(integer(0, 4000)),
  max_length: nullable(integer(1, 4000)),
};

/** In a row a text input brings its own label; inside a label it may not. */
const inputInRow = shape({ ...inputFields, label: text({ min: 1, max: 45 }) }, ['custom_id', 'style', 'label']);
const inputInLabel = shape({ ...inputFields, label: nullLabel() }, ['custom_id', 'style']);

function nullLabel(): Rule {
  return (value, path, problems) => {
    if (value !== null)
      problems.add(path, 'COMPONENT_LABEL_NOT_ALLOWED', 'A text input inside a label has no label of its own');
  };
}

const row = shape(
  { type: anything, id, components: list(oneOf({ [COMPONENT.TextInput]: inputInRow }), { min: 1, max: 1 }) },
  ['components'],
);
const label = shape(
  {
    type: anything,
    id,
    label: text({ min: 1, max: 45 }),
    description: nullable(text({ min: 1, max: 100 })),
    component: oneOf({ [COMPONENT.TextInput]: inputInLabel, ...selects }),
  },
  ['label', 'component'],
);
const textDisplay = shape({ type: anything, id, content: text({ min: 1, max: 4000 }) }, ['content']);

const fields = shape(
  {
    custom_id: text({ min: 1, max: 100 }),
    title: text({ min: 1, max: 45 }),
    components: list(
      oneOf({ [COMPONENT.ActionRow]: row, [COMPONENT.Label]: label, [COMPONENT.TextDisplay]: textDisplay }),
      { min: 1, max: 5 },
    ),
  },
  ['custom_id', 'title', 'components'],
);

/** The data of a modal callback. */
export const modal: Rule = (value, path, problems) => {
  fields(value, path, problems);
  const data: JsonObject = isObject(value) ? value : {};
  noTwins(data['components'], [...path, 'components'], problems);
};
