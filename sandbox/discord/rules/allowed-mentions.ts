import { isObject } from '../json.js';
import { choice, list, nullable, shape, snowflake, truth, type Rule } from './check.js';

const fields = shape({
  parse: nullable(list(choice('users', 'roles', 'everyone'), { max: 3 })),
  users: nullable(list(snowflake, { max: 100 })),
  roles: nullable(list(snowflake, { max: 100 })),
  replied_user: nullable(truth),
});

/** Who may be pinged: a kind is either parsed from the text or listed, never both. */
export const allowedMentions: Rule = (value, path, problems) => {
  fields(value, path, problems);
  if (!isObject(value)) return;
  const parse = Array.isArray(value['parse']) ? value['parse'] : [];
  for (const kind of ['users', 'roles']) {
    const listed = value[kind];
    if (parse.includes(kind) && Array.isArray(listed) && listed.length > 0) {
      problems.add(
        path,
        'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      );
    }
  }
};
