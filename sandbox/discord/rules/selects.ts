import { COMPONENT } from '../constants.js';
import { asObjects, isObject, type JsonObject } from '../json.js';
import { emoji } from './buttons.js';
import {
  anything,
  choice,
  integer,
  list,
  nullable,
  shape,
  snowflake,
  text,
  truth,
  type Path,
  type Problems,
  type Rule,
} from './check.js';

const shared = {
  type: anything,
  id: nullable(integer(0, 2 ** 31 - 1)),
  custom_id: text({ min: 1, max: 100 }),
  placeholder: nullable(text({ max: 150 })),
  min_values: nullable(integer(0, 25)),
  max_values: nullable(integer(1, 25)),
  disabled: nullable(truth),
  required: nullable(truth),
};

const option = shape(
  {
    label: text({ min: 1, max: 100 }),
    value: text({ min: 1, max: 100 }),
    description: nullable(text({ max: 100 })),
    default: nullable(truth),
    emoji,
  },
  ['label', 'value'],
);

function checkCounts(value: JsonObject, path: Path, problems: Problems): void {
  const min = value['min_values'] ?? 1;
  const max = value['max_values'] ?? 1;
  if (Number(min) > Number(max)) {
    problems.add(
      [...path, 'min_values'],
      'SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX',
      'min_values cannot be more than max_values',
    );
  }
}

const stringSelect: Rule = (value, path, problems) => {
  shape({ ...shared, options: list(option, { min: 1, max: 25 }) }, ['custom_id', 'options'])(value, path, problems);
  if (!isObject(value)) return;
  checkCounts(value, path, problems);
  const options = asObjects(value['options']);
  const values = options.map((each) => each['value']);
  for (const [index, each] of values.entries()) {
    if (values.indexOf(each) !== index) {
      problems.add(
        [...path, 'options', index, 'value'],
        'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
        'The specified option value is already used',
      );
    }
  }
  if (Number(value['max_values'] ?? 1) > options.length) {
    problems.add(
      [...path, 'max_values'],
      'SELECT_COMPONENT_MAX_VALUES_EXCEEDED',
      'max_values cannot be more than the number of options',
    );
  }
};

function pickSelect(kinds: readonly string[], extra: Record<string, Rule> = {}): Rule {
  const defaults = list(shape({ id: snowflake, type: choice(...kinds) }, ['id', 'type']), { max: 25 });
  const fields = shape({ ...shared, default_values: nullable(defaults), ...extra }, ['custom_id']);
  return (value, path, problems) => {
    fields(value, path, problems);
    if (isObject(value)) checkCounts(value, path, problems);
  };
}

/** The rules of the five kinds of select, by component type. */
export const selects: Record<number, Rule> = {
  [COMPONENT.StringSelect]: stringSelect,
  [COMPONENT.UserSelect]: pickSelect(['user']),
  [COMPONENT.RoleSelect]: pickSelect(['role']),
  [COMPONENT.MentionableSelect]: pickSelect(['user', 'role']),
  [COMPONENT.ChannelSelect]: pickSelect(['channel'], { channel_types: list(integer(0, 30), { max: 20 }) }),
};
