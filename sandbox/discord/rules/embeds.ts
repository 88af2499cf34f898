import { asObjects, asText, type Json } from '../json.js';
import { anything, integer, lengthOf, list, nullable, shape, text, truth, url, type Rule } from './check.js';

const TOTAL_TEXT = 6000;

const media = nullable(shape({ url: nullable(url), proxy_url: anything, width: anything, height: anything }));

const embed = shape({
  type: nullable(text({ max: 32 })),
  title: nullable(text({ max: 256 })),
  description: nullable(text({ max: 4096 })),
  url: nullable(url),
  timestamp: nullable((value, path, problems) => {
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) {
      problems.add(path, 'DATE_TIME_TYPE_PARSE', `Could not parse ${String(value)}. Should be ISO8601.`);
    }
  }),
  color: nullable(integer(0, 0xffffff)),
  footer: nullable(
    shape({ text: text({ min: 1, max: 2048 }), icon_url: nullable(url), proxy_icon_url: anything }, ['text']),
  ),
  author: nullable(
    shape({ name: text({ min: 1, max: 256 }), url: nullable(url), icon_url: nullable(url), proxy_icon_url: anything }, [
      'name',
    ]),
  ),
  image: media,
  thumbnail: media,
  video: media,
  provider: nullable(shape({ name: nullable(text({ max: 256 })), url: nullable(url) })),
  fields: nullable(
    list(
      shape({ name: text({ min: 1, max: 256 }), value: text({ min: 1, max: 1024 }), inline: nullable(truth) }, [
        'name',
        'value',
      ]),
      { max: 25 },
    ),
  ),
});

/** Embeds: each within its limits, and their texts together within 6,000. */
export const embeds: Rule = (value, path, problems) => {
  list(embed, { max: 10 })(value, path, problems);
  if (textOf(value) > TOTAL_TEXT) {
    problems.add(path, 'MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${TOTAL_TEXT}`);
  }
};

function textOf(value: Json | undefined): number {
  const count = (text: Json | undefined) => lengthOf(asText(text) ?? '');
  return asObjects(value)
    .map((each) => {
      const footer = asObjects([each['footer'] ?? null])[0];
      const author = asObjects([each['author'] ?? null])[0];
      const fields = asObjects(each['fields']).reduce(
        (sum, field) => sum + count(field['name']) + count(field['value']),
        0,
      );
      return (
        count(each['title']) + count(each['description']) + count(footer?.['text']) + count(author?.['name']) + fields
      );
    })
    .reduce((sum, size) => sum + size, 0);
}
